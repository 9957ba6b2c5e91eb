// A bus as a target. A rule's event goes on as it is: within a region with its id and time, into another region with new ones; account and
// region are always those of who put it first. Each of the two ways is open once, so nothing goes round and round. AWS: EventBridge user guide,
// "Sending events between event buses": no third bus; which ways there are, the codes, and that a bus that does not exist takes all is
// captured from AWS. A schedule or a pipe gives the detail of a new event.

import type { DeliveryFailure, HandOver, HandOverResult } from '#cell/target.ts';
import { parseArn } from '#model/arn.ts';
import { ENTRY_BYTES_MAX } from '../limits.ts';
import { entryBytes, entryProblem } from '../routing/entries.ts';
import type { Hops, IncomingEvent, RoutedEvent } from '../routing/event.ts';
import { EventLost, EventRenamed } from '../routing/facts.ts';
import { route, type StoredText } from '../routing/route.ts';
import type { EventsTurn } from '../state.ts';
import type { BusDoc } from './documents.ts';
import { busByArn } from './find-bus.ts';

/** As PutEvents says it. */
const TOO_LARGE = 'Total size of the entries in the request is over the limit.';

const AT_HOME: Hops = { isWithinRegion: false, isAcrossRegions: false };

export function acceptForBus(turn: EventsTurn, handOver: HandOver): HandOverResult {
  const { targetArn, parameters, content } = handOver;
  const { forwarded } = turn.state.routing;
  const bus = busByArn(turn.state, targetArn);
  const isForwarded = forwarded !== undefined && forwarded.payload === handOver.payload;
  if (parameters?.bus === undefined && isForwarded) return forward(turn, handOver, { bus, routed: forwarded });
  if (parameters?.bus === undefined || content.kind !== 'event') {
    return failed('INVALID_PARAMETER', 'an event needs a source and a detail type');
  }
  const { source, detailType, resources = [], timeMs = turn.nowMs } = parameters.bus;
  const denied = denial(turn, handOver, { bus, source, detailType });
  if (denied !== undefined) return denied;
  const id = turn.uuid();
  if (bus === undefined) return lost(turn, id, targetArn);
  const problem = detailProblem({ source, detailType, resources, timeMs }, content.text);
  if (problem !== undefined) return problem;
  const origin = parseArn(handOver.sourceArn);
  const { account = bus.account, region = bus.region } = origin ?? {};
  return put(turn, { id, bus, source, detailType, account, region, timeMs, resources, detail: content.text });
}

/** What is handed over is an entry of PutEvents, and held to what those are held to. */
function detailProblem(
  { source, detailType, resources, timeMs }: Pick<IncomingEvent, 'source' | 'detailType' | 'resources' | 'timeMs'>,
  detail: string,
): HandOverResult | undefined {
  const Resources = [...resources];
  const entry = { Source: source, DetailType: detailType, Detail: detail, Resources, Time: timeMs };
  const { ErrorCode: code, ErrorMessage: text } = entryProblem(entry) ?? {};
  if (code !== undefined) return failed(code, text ?? '');
  return entryBytes(entry) >= ENTRY_BYTES_MAX ? failed('ValidationException', TOO_LARGE) : undefined;
}

/** What is put gets an id of its own, for the one who handed it over. */
function put(turn: EventsTurn, event: IncomingEvent, stored?: StoredText): HandOverResult {
  const routed = route(turn, event, stored);
  if (!('violation' in routed) || routed.violation.action === 'dead-lettered') {
    return { accepted: true, targetMessageId: event.id };
  }
  return failed(routed.violation.code, routed.violation.message);
}

function forward(
  turn: EventsTurn,
  handOver: HandOver,
  { bus, routed }: { readonly bus: BusDoc | undefined; readonly routed: RoutedEvent },
): HandOverResult {
  const { targetArn } = handOver;
  const { event } = routed;
  const isAway = parseArn(targetArn)?.region !== event.bus.region;
  const hops = event.hops ?? AT_HOME;
  if (isAway ? hops.isAcrossRegions : hops.isWithinRegion) {
    const code = isAway ? 'THIRD_REGION_HOP_DETECTED' : 'THIRD_ACCOUNT_HOP_DETECTED';
    return failed(code, secondHop(event.id));
  }
  const denied = denial(turn, handOver, { bus, source: event.source, detailType: event.detailType });
  if (denied !== undefined) return denied;
  if (bus === undefined) return lost(turn, event.id, targetArn, routed.payload);
  const on = { ...event, bus, scheduledRule: undefined, onlyRuleArns: undefined };
  if (!isAway) return put(turn, { ...on, hops: { ...hops, isWithinRegion: true } }, routed);
  const id = turn.uuid();
  turn.record(EventRenamed, { eventId: event.id, newEventId: id });
  return put(turn, { ...on, id, timeMs: turn.nowMs, hops: { ...hops, isAcrossRegions: true } });
}

/** As in dead letters of AWS. */
function secondHop(eventId: string): string {
  return (
    `Event ingestion rejected for event ${eventId} because an event can be sent to an event bus target only once. ` +
    'This event was previously delivered to an event bus target.'
  );
}

function denial(
  turn: EventsTurn,
  { targetArn, principal }: HandOver,
  {
    bus,
    source,
    detailType,
  }: { readonly bus: BusDoc | undefined; readonly source: string; readonly detailType: string },
): HandOverResult | undefined {
  const verdict = turn.authorize({
    isHandOver: true,
    action: 'events:PutEvents',
    resource: targetArn,
    resourceAccount: parseArn(targetArn)?.account ?? '',
    resourcePolicy: bus?.policy,
    principal,
    context: { 'events:source': source, 'events:detail-type': detailType, 'events:eventBusInvocation': 'true' },
  });
  return verdict.isAllowed ? undefined : failed('NO_PERMISSIONS', verdict.reason);
}

function lost(turn: EventsTurn, eventId: string, bus: string, payload?: number): HandOverResult {
  turn.record(EventLost, { eventId, bus, payload });
  return { accepted: true, note: 'there is no such bus: as on AWS the event is lost' };
}

function failed(code: string, detail: string): { readonly failure: DeliveryFailure } {
  return { failure: { code, detail, isRetryable: false } };
}
