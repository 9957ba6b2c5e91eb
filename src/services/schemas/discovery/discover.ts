// Discovery's own turn: what waits is inferred, merged into what is known of its kind of event, and becomes a version where that changed the schema.
// AWS makes a version of every structure it meets and merges nothing; here a schema says what all events of the kind have in common, so that each
// event that was seen fits the newest version.

import { parseArn } from '#model/arn.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { memberOf } from '#structures/json-schema/pointer.ts';
import { inferShape, mergeShapes, NOTHING } from '#structures/json-schema/shape.ts';
import type { JsonObject } from '../content.ts';
import type { Discovered, DiscovererDoc, SchemaDoc } from '../documents.ts';
import { lookUpSchema, lookUpVersion } from '../find.ts';
import { CONTENT_MAX, DISCOVERED_SCHEMAS_MAX, DISCOVERED_VERSIONS_MAX, SCHEMA_NAME_MAX } from '../limits.ts';
import { DISCOVERED_REGISTRY, eventSchemaName } from '../names.ts';
import { renderEvent } from '../render-shape.ts';
import type { EventKind, SchemasTurn } from '../state.ts';
import { addVersion, countOf, createSchema, putSchema } from '../write-schema.ts';
import { ensureDiscoveredRegistry } from './discovered-registry.ts';
import { noteKnown, sightingsOf } from './observe.ts';

/** The timer that a woken discoverer fires; its subject is the discoverer's key. */
export const DISCOVER_TIMER = 'discover';

export function discover(turn: SchemasTurn, discovererKey: string): void {
  const sightings = sightingsOf(turn, discovererKey);
  const waiting = sightings.waiting.splice(0);
  const discoverer = turn.state.discoverers.get(discovererKey);
  if (discoverer?.state !== 'STARTED') return;
  const { account, region } = scopeOfDiscoverer(discoverer);
  const own = turn.within(scopeOf(account, region), rootOf(account));
  for (const { fingerprint, event } of waiting) {
    learn(own, discoverer, event as JsonObject);
    noteKnown(sightings, fingerprint);
  }
}

function scopeOfDiscoverer({ sourceArn }: DiscovererDoc): { readonly account: string; readonly region: string } {
  const { account = '', region = '' } = parseArn(sourceArn) ?? {};
  return { account, region };
}

function learn(turn: SchemasTurn, discoverer: DiscovererDoc, event: JsonObject): void {
  if (!discoverer.isCrossAccount && memberOf(event, 'account') !== turn.scope.account) return;
  const kind: EventKind = { source: String(event['source']), detailType: String(event['detail-type']) };
  const name = eventSchemaName(kind.source, kind.detailType, SCHEMA_NAME_MAX);
  const schema = lookUpSchema(turn, DISCOVERED_REGISTRY, name);
  if (schema?.discovered?.hasEnded === true) return;
  const detail = mergeShapes(schema?.discovered?.detail ?? NOTHING, inferShape(memberOf(event, 'detail')));
  const buses = [...new Set([...(schema?.discovered?.buses ?? []), discoverer.sourceArn])].slice(0, BUSES_MAX);
  // Two event types may have the same name without their spaces; the first one names the schema.
  const content = JSON.stringify(renderEvent(schema?.event ?? kind, detail));
  if (schema === undefined) begin(turn, { kind, name, discovered: { detail, buses }, content });
  else grow(turn, schema, { discovered: { detail, buses }, content });
}

/** More buses than this are not remembered of one schema. */
const BUSES_MAX = 100;

interface Learnt {
  readonly discovered: Discovered;
  readonly content: string;
}

function begin(
  turn: SchemasTurn,
  { kind, name, discovered, content }: Learnt & { readonly kind: EventKind; readonly name: string },
): void {
  const isFull = countOf(turn, DISCOVERED_REGISTRY) >= DISCOVERED_SCHEMAS_MAX[turn.limits.mode];
  if (isFull || content.length > CONTENT_MAX) return;
  ensureDiscoveredRegistry(turn);
  const names = { registryName: DISCOVERED_REGISTRY, name };
  createSchema(turn, { ...names, tags: {}, type: 'OpenApi3', content, event: kind, discovered });
}

function grow(turn: SchemasTurn, schema: SchemaDoc, { discovered, content }: Learnt): void {
  const latest = lookUpVersion(turn, schema, schema.latestVersion);
  if (latest?.content === content) {
    const isSeenHere = schema.discovered?.buses.length === discovered.buses.length;
    if (!isSeenHere) putSchema(turn, { ...schema, discovered });
    return;
  }
  const reason = whyEnded(schema, content);
  if (reason === undefined) {
    addVersion(turn, schema, { version: { type: 'OpenApi3', content, event: schema.event }, changed: { discovered } });
    return;
  }
  // Said where somebody will read it: an event type whose field names are data makes a version of every event.
  const description = `Discovery of this schema ended: ${reason}. Delete versions to let it go on.`;
  const detail = schema.discovered?.detail ?? discovered.detail;
  putSchema(turn, { ...schema, description, discovered: { ...discovered, detail, hasEnded: true } });
}

function whyEnded(schema: SchemaDoc, content: string): string | undefined {
  if (schema.versionCount >= DISCOVERED_VERSIONS_MAX) return `it has ${DISCOVERED_VERSIONS_MAX} versions`;
  return content.length > CONTENT_MAX ? `the schema would be longer than ${CONTENT_MAX} characters` : undefined;
}
