// What a bus asks of the registry, for each event.

import type { ObservedBus, PutEvent, SchemasDoor, SchemaViolation } from '#cell/schemas-door.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import { observe } from './discovery/observe.ts';
import { busTagsProblem, enforcementOf } from './enforcement/bus-tags.ts';
import { findViolation } from './enforcement/find-violation.ts';
import { holdBack } from './enforcement/hold-back.ts';
import { findVersion, lookUpSchema } from './find.ts';
import { EVENT_LENGTH_MAX } from './limits.ts';
import type { SchemasState, SchemasTurn } from './state.ts';

export function schemasDoor(state: SchemasState): SchemasDoor {
  return {
    hasInterest: ({ arn, tags }) => state.observed.has(arn) || enforcementOf(tags) !== undefined,
    eventPut: (turn, put) => eventPut(turn as SchemasTurn, put),
    busTagsProblem,
    contentOf: (asked, { scope, registry, schema: name, version }) => {
      const turn = asked.within(scope, asked.principal) as SchemasTurn;
      const schema = lookUpSchema(turn, registry, name);
      const found = schema === undefined ? undefined : findVersion(turn, schema, version);
      return found === undefined || 'refused' in found ? undefined : found.content;
    },
  };
}

function eventPut(turn: SchemasTurn, put: PutEvent): SchemaViolation | undefined {
  const event = parse(put.eventText);
  if (event === undefined) return undefined;
  const violation = violationOf(turn, put, event);
  if (violation !== undefined) return violation;
  const discoverer = turn.state.observed.get(put.bus.arn);
  if (discoverer !== undefined && put.eventText.length <= EVENT_LENGTH_MAX) observe(turn, discoverer, event);
  return undefined;
}

/** A bus puts JSON objects only. */
function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const event: unknown = JSON.parse(text);
    return isObject(event) ? event : undefined;
  } catch {
    // Nothing that a schema could be about.
    return undefined;
  }
}

function violationOf(
  turn: SchemasTurn,
  put: PutEvent,
  event: Readonly<Record<string, unknown>>,
): SchemaViolation | undefined {
  const enforcement = enforcementOf(put.bus.tags);
  if (enforcement === undefined) return undefined;
  const found = findViolation(inScopeOf(turn, put.bus), enforcement, event);
  if (found === undefined) return undefined;
  const eventId = String(memberOf(event, 'id'));
  return holdBack(turn, { ...put, eventId }, { found, deadLetterArn: enforcement.deadLetterArn });
}

function inScopeOf(turn: Turn<SchemasState>, { arn }: ObservedBus): SchemasTurn {
  const { account = '', region = '' } = parseArn(arn) ?? {};
  return turn.within(scopeOf(account, region), turn.principal);
}
