// Discovery's own turn: what waits is inferred, merged into what is known of its kind of event, and becomes a version where that changed the schema.
// AWS makes a version of every structure it meets and merges nothing; here a schema says what all events of the kind have in common, so that each
// event that was seen fits the newest version.

import { parseArn } from '#model/arn.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { memberOf } from '#structures/json-schema/pointer.ts';
import { inferShape, mergeShapes, NOTHING, type Shape } from '#structures/json-schema/shape.ts';
import type { JsonObject } from '../content.ts';
import type { DiscovererDoc, SchemaDoc } from '../documents.ts';
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
  if (schema?.discovered?.isComplete === false) return;
  const before = schema?.discovered?.detail ?? NOTHING;
  const detail = mergeShapes(before, inferShape(memberOf(event, 'detail')));
  // Two event types may have the same name without their spaces; the first one names the schema.
  const content = JSON.stringify(renderEvent(schema?.event ?? kind, detail));
  if (schema === undefined) begin(turn, { kind, name, detail, content });
  else grow(turn, schema, { detail, content });
}

interface Learnt {
  readonly detail: Shape;
  readonly content: string;
}

function begin(turn: SchemasTurn, { kind, name, detail, content }: Learnt & { kind: EventKind; name: string }): void {
  const isFull = countOf(turn, DISCOVERED_REGISTRY) >= DISCOVERED_SCHEMAS_MAX[turn.limits.mode];
  if (isFull || content.length > CONTENT_MAX) return;
  ensureDiscoveredRegistry(turn);
  createSchema(turn, {
    ...{ registryName: DISCOVERED_REGISTRY, name, tags: {}, type: 'OpenApi3', content, event: kind },
    discovered: { detail },
  });
}

function grow(turn: SchemasTurn, schema: SchemaDoc, { detail, content }: Learnt): void {
  const latest = lookUpVersion(turn, schema, schema.latestVersion);
  if (latest?.content === content) return;
  const reason =
    schema.versionCount >= DISCOVERED_VERSIONS_MAX
      ? `it has ${DISCOVERED_VERSIONS_MAX} versions`
      : content.length > CONTENT_MAX
        ? `the schema would be longer than ${CONTENT_MAX} characters`
        : undefined;
  if (reason !== undefined) {
    // Said where somebody will read it: an event type whose field names are data makes a version of every event.
    const description = `Discovery of this schema ended: ${reason}. Delete versions to let it go on.`;
    putSchema(turn, {
      ...schema,
      description,
      discovered: { detail: schema.discovered?.detail ?? detail, isComplete: false },
    });
    return;
  }
  const version = { type: 'OpenApi3', content, event: schema.event } as const;
  addVersion(turn, schema, { version, changed: { discovered: { detail } } });
}
