// Discovery's first look, in the turn of whoever puts an event: is its structure known? If so, that was all. If not, the event waits for a turn of
// discovery's own, which follows at once. Nothing is recorded here; what waits is lost with the process, and the next event of the kind is
// looked at again.

import { mixed, structureFingerprint, textFingerprint } from '#structures/json-schema/fingerprint.ts';
import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import { EVENT_LEVELS_MAX, FINGERPRINTS_MAX, WAITING_EVENTS_MAX } from '../limits.ts';
import type { SchemasTurn, Sightings } from '../state.ts';

/** The registry's own events are about schemas: discovering them would never end on the bus they are put on. */
const OWN_SOURCE = 'aws.schemas';

export function wakeKeyOf(discovererKey: string): string {
  return `schemas-discovery/${discovererKey}`;
}

export function observe(turn: SchemasTurn, discovererKey: string, event: unknown): void {
  if (!isObject(event) || memberOf(event, 'source') === OWN_SOURCE) return;
  const fingerprint = fingerprintOf(event);
  if (fingerprint === undefined) return;
  const sightings = sightingsOf(turn, discovererKey);
  if (sightings.known.has(fingerprint) || sightings.waiting.length >= WAITING_EVENTS_MAX) return;
  if (sightings.waiting.some((waiting) => waiting.fingerprint === fingerprint)) return;
  sightings.waiting.push({ fingerprint, event });
  turn.wake(wakeKeyOf(discovererKey));
}

export function sightingsOf({ state }: SchemasTurn, discovererKey: string): Sightings {
  const { sightings } = state.remembered;
  let found = sightings.get(discovererKey);
  if (found === undefined) {
    found = { known: new Set(), waiting: [] };
    sightings.set(discovererKey, found);
  }
  return found;
}

export function noteKnown({ known }: Sightings, fingerprint: number): void {
  // Forgetting costs a second look at each shape, nothing else.
  if (known.size >= FINGERPRINTS_MAX) known.clear();
  known.add(fingerprint);
}

/** Undefined for what discovery ignores: an event nested too deeply, or none at all. */
function fingerprintOf(event: Readonly<Record<string, unknown>>): number | undefined {
  const [source, detailType, account] = ['source', 'detail-type', 'account'].map((name) => memberOf(event, name));
  const detail = structureFingerprint(memberOf(event, 'detail') ?? null, EVENT_LEVELS_MAX - 1);
  if (typeof source !== 'string' || typeof detailType !== 'string' || detail === undefined) return undefined;
  const kind = mixed(textFingerprint(source), textFingerprint(detailType));
  return mixed(mixed(kind, textFingerprint(String(account))), detail);
}
