// GetDiscoveredSchema: the schema of up to ten sample events of one type, stored nowhere. An event with EventBridge's envelope becomes AWSEvent and its
// detail; any other object becomes `Event` (AWS CLI examples, get-discovered-schema).

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import { inferShape, isDeeperThan, mergeShapes, NOTHING } from '#structures/json-schema/shape.ts';
import type { GetDiscoveredSchemaInput, GetDiscoveredSchemaOutput } from '#wire/generated/schemas.ts';
import { onAccount } from '../access.ts';
import { type JsonObject, parseContent, type SchemaContent } from '../content.ts';
import { toDraft4 } from '../draft4.ts';
import { badRequest } from '../errors.ts';
import { EVENT_LEVELS_MAX, SAMPLE_EVENT_MAX, SAMPLE_EVENTS_MAX } from '../limits.ts';
import { renderEvent, renderValue } from '../render-shape.ts';
import type { EventKind, SchemasState } from '../state.ts';

export const getDiscoveredSchema = operation<SchemasState, GetDiscoveredSchemaInput, GetDiscoveredSchemaOutput>({
  authorize: onAccount('GetDiscoveredSchema'),
  decide(_turn, input) {
    const problem = new Validation()
      .required('type', input.Type)
      .oneOf('type', input.Type, ['OpenApi3', 'JSONSchemaDraft4'])
      .required('events', input.Events).text;
    if (problem !== undefined) return refuse(badRequest(problem));
    const texts = input.Events ?? [];
    if (texts.length < 1 || texts.length > SAMPLE_EVENTS_MAX) {
      return refuse(badRequest(`Events must be a list of 1 to ${SAMPLE_EVENTS_MAX} events.`));
    }
    const events: JsonObject[] = [];
    for (const [i, text] of texts.entries()) {
      const event = sampleOf(text, i);
      if (isRefused(event)) return event;
      events.push(event);
    }
    const document = render(events);
    if (isRefused(document)) return document;
    const isOpenApi = input.Type === 'OpenApi3';
    return { output: { Content: JSON.stringify(isOpenApi ? document : draft4Of(document)) } };
  },
});

function sampleOf(text: string, i: number): JsonObject | Refused {
  if (text.length > SAMPLE_EVENT_MAX)
    return refuse(badRequest(`Event ${i + 1} is longer than ${SAMPLE_EVENT_MAX} characters.`));
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return refuse(badRequest(`Event ${i + 1} is not JSON.`));
  }
  if (!isObject(event)) return refuse(badRequest(`Event ${i + 1} is not a JSON object.`));
  if (isDeeperThan(event, EVENT_LEVELS_MAX)) {
    return refuse(badRequest(`Event ${i + 1} is nested deeper than ${EVENT_LEVELS_MAX} levels.`));
  }
  return event;
}

function render(events: readonly JsonObject[]): JsonObject | Refused {
  const kinds = events.map(kindOf);
  const [first] = kinds;
  if (first === undefined) return renderValue(events.map(inferShape).reduce(mergeShapes, NOTHING));
  const isOneKind = kinds.every((kind) => kind?.source === first.source && kind.detailType === first.detailType);
  if (!isOneKind) return refuse(badRequest('The events must all have the same source and detail-type.'));
  const details = events.map((event) => inferShape(memberOf(event, 'detail')));
  return renderEvent(first, details.reduce(mergeShapes, NOTHING));
}

function kindOf(event: JsonObject): EventKind | undefined {
  const [source, detailType] = [memberOf(event, 'source'), memberOf(event, 'detail-type')];
  if (typeof source !== 'string' || typeof detailType !== 'string') return undefined;
  return isObject(memberOf(event, 'detail')) ? { source, detailType } : undefined;
}

function draft4Of(document: JsonObject): JsonObject {
  const parsed = parseContent(JSON.stringify(document), 'OpenApi3') as { readonly content: SchemaContent };
  return toDraft4(parsed.content);
}
