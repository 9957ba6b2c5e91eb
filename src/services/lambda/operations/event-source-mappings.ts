// Create-, Get-, List-, Update- and DeleteEventSourceMapping(s), for queues and streams. Sources that are not there are refused.
// Source: Lambda API reference, and the developer guide's "Using Lambda with Amazon SQS".

import { operation } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopeOf, scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  CreateEventSourceMappingInput,
  DeleteEventSourceMappingInput,
  EventSourceMappingConfiguration,
  GetEventSourceMappingInput,
  ListEventSourceMappingsInput,
  ListEventSourceMappingsOutput,
  UpdateEventSourceMappingInput,
} from '#wire/generated/lambda.ts';
import { functionArn, mappingArn, parseReference } from '../arns.ts';
import type { MappingDoc } from '../documents.ts';
import {
  functionDoesNotExist,
  mappingExists,
  noQueuePermission,
  queueDoesNotExist,
  resourceNotFound,
  unrecognizedSource,
  validationFailed,
  visibilityTooShort,
} from '../errors.ts';
import { accountPermission, type FoundVersion, findVersion, type LambdaTurn } from '../find-function.ts';
import { MAPPINGS_LIST_MAX } from '../limits.ts';
import { mappingSettings } from '../mapping-settings.ts';
import { nextMarker, readMarker } from '../markers.ts';
import { poll } from '../polling/poll.ts';
import { sessionOf } from '../roles.ts';
import { missingOfQueue } from '../source-permission.ts';
import { functionKeyOf, type LambdaState } from '../state.ts';
import { checkedStream } from '../streams/check.ts';
import { pollCrowdedOut } from '../streams/poll.ts';
import { streamMappingSettings } from '../streams/settings.ts';
import { tagsProblem } from '../tags.ts';
import { showMapping } from '../views.ts';

type Reply = { readonly output: EventSourceMappingConfiguration } | Refused;

/** AWS: service authorization reference, Lambda: policies may name the function in the condition lambda:FunctionArn. */
function request(turn: LambdaTurn, action: string, resource: string, ofFunction: string | undefined) {
  const asked = { action: `lambda:${action}`, resource, resourceAccount: turn.scope.account };
  return ofFunction === undefined ? asked : { ...asked, context: { 'lambda:FunctionArn': ofFunction } };
}

function mayCreate(turn: LambdaTurn, { FunctionName }: CreateEventSourceMappingInput) {
  const reference = parseReference(turn, FunctionName);
  const arn = isRefused(reference) ? undefined : functionArn(reference.scope, reference.name, reference.qualifier);
  return request(turn, 'CreateEventSourceMapping', '*', arn);
}

function may(turn: LambdaTurn, action: string, uuid = '') {
  const mapping = turn.state.mappings.get(scopePrefix(turn.scope) + uuid);
  return request(turn, action, mappingArn(turn.scope, uuid), mapping?.functionArn);
}

export const createEventSourceMapping = operation<
  LambdaState,
  CreateEventSourceMappingInput,
  EventSourceMappingConfiguration
>({
  authorize: mayCreate,
  decide(turn, input): Reply {
    const problem = new Validation().required('functionName', input.FunctionName).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const badTags = tagsProblem(input.Tags);
    if (badTags !== undefined) return refuse(badTags);
    const found = functionOf(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const sourceArn = input.EventSourceArn ?? '';
    const settings = settingsOf(turn, input, undefined);
    if (isRefused(settings)) return settings;
    const wakeKey = checkedSource(turn, found, sourceArn);
    if (isRefused(wakeKey)) return wakeKey;
    const functionArnShown = arnOf(found);
    const twin = turn.state.mappings
      .by('bySource', sourceArn)
      .find((mapping) => mapping.functionArn === functionArnShown);
    if (twin !== undefined) {
      return refuse(mappingExists({ sourceArn, functionName: found.doc.name, uuid: twin.uuid }));
    }
    const mapping: MappingDoc = {
      uuid: turn.uuid(),
      functionKey: found.key,
      functionArn: functionArnShown,
      sourceArn,
      wakeKey: wakeKey.wakeKey,
      ...settings,
      tags: { ...input.Tags },
      lastModifiedMs: turn.nowMs,
    };
    write(turn, mapping);
    return { output: shown(turn, mapping, 'Creating') };
  },
});

function functionOf(turn: LambdaTurn, name: string | undefined): FoundVersion | Refused {
  const found = findVersion(turn, name);
  if (!isRefused(found)) return found;
  return found.refused.code === 'ResourceNotFoundException' ? refuse(functionDoesNotExist()) : found;
}

function settingsOf(turn: LambdaTurn, input: CreateEventSourceMappingInput, before: MappingDoc | undefined) {
  const { EventSourceArn: sourceArn = '' } = input;
  const service = parseArn(sourceArn)?.service;
  if (sourceArn !== '' && service !== 'sqs' && service !== 'kinesis') return refuse(unrecognizedSource(sourceArn));
  return service === 'kinesis' ? streamMappingSettings(input, before, turn.nowMs) : mappingSettings(input, before);
}

function shown(turn: LambdaTurn, mapping: MappingDoc, state?: string): EventSourceMappingConfiguration {
  const lastResult = turn.state.streamResults.get(scopePrefix(turn.scope) + mapping.uuid);
  return showMapping({ scope: turn.scope, lastResult }, mapping, state);
}

function arnOf({ reference }: FoundVersion): string {
  return functionArn(reference.scope, reference.name, reference.qualifier);
}

function checkedSource(turn: LambdaTurn, found: FoundVersion, sourceArn: string): { wakeKey: string } | Refused {
  const arn = parseArn(sourceArn);
  if (arn?.service === 'kinesis') return checkedStream(turn, found, sourceArn);
  const source = arn?.service === 'sqs' ? turn.doors.sources.get('sqs') : undefined;
  if (source === undefined || arn === undefined) return refuse(unrecognizedSource(sourceArn));
  const own = turn.within(scopeOf(arn.account, arn.region), turn.principal);
  if (!source.exists(own, sourceArn)) return refuse(queueDoesNotExist());
  const visibilitySeconds = source.describe(own, sourceArn)?.visibilityTimeoutSeconds ?? 0;
  const { timeoutSeconds } = found.settings;
  if (visibilitySeconds < timeoutSeconds) return refuse(visibilityTooShort(visibilitySeconds, timeoutSeconds));
  const asRole = own.within(own.scope, sessionOf(turn, found.doc, found.settings));
  const missing = missingOfQueue(asRole, source, sourceArn);
  return missing === undefined ? { wakeKey: source.wakeKey(sourceArn) } : refuse(noQueuePermission(missing));
}

function write(turn: LambdaTurn, mapping: MappingDoc): void {
  const key = scopePrefix(turn.scope) + mapping.uuid;
  turn.put(turn.state.mappings, key, mapping);
  turn.state.running.deniedUntilMs.delete(key);
  poll(turn, key);
}

function find(turn: LambdaTurn, uuid: string | undefined): { key: string; mapping: MappingDoc } | Refused {
  const problem = new Validation().required('uUID', uuid).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  const key = scopePrefix(turn.scope) + (uuid as string);
  const mapping = turn.state.mappings.get(key);
  return mapping === undefined ? refuse(resourceNotFound()) : { key, mapping };
}

export const getEventSourceMapping = operation<
  LambdaState,
  GetEventSourceMappingInput,
  EventSourceMappingConfiguration
>({
  authorize: (turn, input) => may(turn, 'GetEventSourceMapping', input.UUID),
  decide(turn, input): Reply {
    const named = find(turn, input.UUID);
    return isRefused(named) ? named : { output: shown(turn, named.mapping) };
  },
});

export const updateEventSourceMapping = operation<
  LambdaState,
  UpdateEventSourceMappingInput,
  EventSourceMappingConfiguration
>({
  authorize: (turn, input) => may(turn, 'UpdateEventSourceMapping', input.UUID),
  decide(turn, input): Reply {
    const named = find(turn, input.UUID);
    if (isRefused(named)) return named;
    const { mapping } = named;
    const found = functionOf(turn, input.FunctionName ?? mapping.functionArn);
    if (isRefused(found)) return found;
    const settings = settingsOf(turn, { ...input, EventSourceArn: mapping.sourceArn }, mapping);
    if (isRefused(settings)) return settings;
    // Whatever became of the source, a mapping can be switched off; it is checked again when it is switched on.
    const isSwitchedOff = input.Enabled === false && input.FunctionName === undefined;
    const wakeKey = isSwitchedOff ? mapping : checkedSource(turn, found, mapping.sourceArn);
    if (isRefused(wakeKey)) return wakeKey;
    const { uuid, sourceArn, tags } = mapping;
    const after: MappingDoc = {
      uuid,
      sourceArn,
      tags,
      functionKey: found.key,
      functionArn: arnOf(found),
      wakeKey: wakeKey.wakeKey,
      ...settings,
      lastModifiedMs: turn.nowMs,
    };
    write(turn, after);
    return { output: shown(turn, after, stateAfter(mapping, after)) };
  },
});

function stateAfter(before: MappingDoc, after: MappingDoc): string {
  if (before.isEnabled === after.isEnabled) return 'Updating';
  return after.isEnabled ? 'Enabling' : 'Disabling';
}

export const deleteEventSourceMapping = operation<
  LambdaState,
  DeleteEventSourceMappingInput,
  EventSourceMappingConfiguration
>({
  authorize: (turn, input) => may(turn, 'DeleteEventSourceMapping', input.UUID),
  decide(turn, input): Reply {
    const named = find(turn, input.UUID);
    if (isRefused(named)) return named;
    turn.drop(turn.state.mappings, named.key);
    const { running } = turn.state;
    running.pollers.delete(named.key);
    running.streams.delete(named.key);
    running.streamFilters.delete(named.key);
    running.deniedUntilMs.delete(named.key);
    pollCrowdedOut(turn);
    return { output: shown(turn, named.mapping, 'Deleting') };
  },
});

export const listEventSourceMappings = operation<
  LambdaState,
  ListEventSourceMappingsInput,
  ListEventSourceMappingsOutput
>({
  authorize: (turn) => accountPermission(turn, 'ListEventSourceMappings'),
  decide(turn, input) {
    const problem = new Validation().range('maxItems', input.MaxItems, { min: 1, max: 10_000 }).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const named = functionNamed(turn, input.FunctionName);
    if (isRefused(named)) return named;
    const list = `mappings/${input.EventSourceArn ?? ''}/${named?.arn ?? named?.key ?? ''}`;
    const marker = readMarker(turn, list, input.Marker);
    if (isRefused(marker)) return marker;
    const page = turn.state.mappings.page({
      prefix: scopePrefix(turn.scope),
      limit: Math.min(input.MaxItems ?? MAPPINGS_LIST_MAX, MAPPINGS_LIST_MAX),
      ...(marker === undefined ? {} : { afterKey: marker }),
      where: (mapping) =>
        (input.EventSourceArn === undefined || mapping.sourceArn === input.EventSourceArn) &&
        (named === undefined || mapping.functionKey === named.key) &&
        (named?.arn === undefined || mapping.functionArn === named.arn),
    });
    const mappings = page.items.map(({ doc }) => shown(turn, doc));
    return { output: { EventSourceMappings: mappings, ...nextMarker(turn, list, page.lastKey) } };
  },
});

/** A name with a version or an alias means mappings of just that; a bare one all of the function. */
function functionNamed(
  turn: LambdaTurn,
  name: string | undefined,
): { readonly key: string; readonly arn: string | undefined } | undefined | Refused {
  if (name === undefined || name === '') return undefined;
  const reference = parseReference(turn, name);
  if (isRefused(reference)) return reference;
  const { scope, name: bare, qualifier } = reference;
  const arn = qualifier === undefined ? undefined : functionArn(scope, bare, qualifier);
  return { key: functionKeyOf(scope, bare), arn };
}
