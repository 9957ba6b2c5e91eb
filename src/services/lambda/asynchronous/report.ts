// Telling a destination or dead-letter queue how an event ended. Both need the event's text, so it is read first.
// Source: Lambda developer guide, "Retaining records of asynchronous invocations".

import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { HandOver, TargetParameters } from '#cell/target.ts';
import type { Outcome } from '#cell/turn.ts';
import { ONCE } from '#deliveries/policies.ts';
import { parseArn } from '#model/arn.ts';
import { encodeStoredMessage, type PlainMessage, type StoredAttribute } from '#model/stored-message.ts';
import { LATEST } from '../arns.ts';
import type { FoundVersion, LambdaTurn } from '../find-function.ts';
import { isBucket, putRecord, recordKey, storeRecord } from '../record-object.ts';
import { sessionOf } from '../roles.ts';
import { type AsyncDecision, type AsyncEvent, qualifiedKey } from '../state.ts';
import { endEvent } from './end-event.ts';
import { versionOf } from './pump.ts';

interface Report {
  readonly kind: 'destination' | 'dead-letter';
  readonly arn: string;
}

/** AWS: a destination and a dead-letter queue may both be set; both are told. */
export function reportsOf(turn: LambdaTurn, event: AsyncEvent, condition: AsyncDecision['condition']): Report[] {
  const found = versionOf(turn, event);
  if (found === undefined) return [];
  const config = turn.state.invokeConfigs.get(qualifiedKey(found.key, found.reference.qualifier ?? LATEST));
  const destination = condition === 'Success' ? config?.onSuccessArn : config?.onFailureArn;
  const deadLetterArn = condition === 'Success' ? undefined : found.settings.deadLetterArn;
  return [
    ...(destination === undefined ? [] : [{ kind: 'destination' as const, arn: destination }]),
    ...(deadLetterArn === undefined ? [] : [{ kind: 'dead-letter' as const, arn: deadLetterArn }]),
  ];
}

export function readForReport(turn: LambdaTurn, event: AsyncEvent): void {
  const response = event.decision?.response;
  turn.perform({
    performer: 'read-payloads',
    input: null,
    payloads: response === undefined ? [event.payload] : [event.payload, response],
    then: { reaction: 'event-read', subject: String(event.id) },
  });
}

export function eventRead(turn: LambdaTurn, subject: string, outcome: Outcome): void {
  const event = turn.state.events.get(Number(subject));
  const decision = event?.decision;
  if (event === undefined || decision === undefined) return;
  const found = versionOf(turn, event);
  if ('failed' in outcome || found === undefined) {
    endEvent(turn, event, 'dropped', 'failed' in outcome ? outcome.failed : 'the function was deleted');
    return;
  }
  const [request, response] = outcome.result as readonly (Uint8Array | undefined)[];
  const texts = { request: textOf(request), response: textOf(response) };
  const all = reportsOf(turn, event, decision.condition).map((report) => ({ report, event, decision, found, texts }));
  const object = all.find(({ report }) => isBucket(report.arn));
  if (object === undefined) {
    tellAll(turn, event, all);
    return;
  }
  // Everybody is told in the turn that writes the object.
  turn.state.running.reports.set(event.id, all);
  storeRecord(turn, recordText(turn, object), { reaction: RECORD_STORED, subject });
}

/** Reaction to a record that has become a blob. */
export const RECORD_STORED = 'record-stored';

export function recordStored(turn: LambdaTurn, subject: string, outcome: Outcome): void {
  const { reports } = turn.state.running;
  const all = reports.get(Number(subject)) ?? [];
  reports.delete(Number(subject));
  const event = turn.state.events.get(Number(subject));
  const object = all.find(({ report }) => isBucket(report.arn));
  // The function was deleted meanwhile.
  if (event === undefined || object === undefined) return;
  const key = recordKey(turn, `aws/lambda/async/${object.found.doc.name}`);
  const problem = putRecord(turn, object.found, { bucketArn: object.report.arn, key, outcome });
  tellAll(
    turn,
    event,
    all.filter((told) => told !== object),
    problem,
  );
}

function tellAll(turn: LambdaTurn, event: AsyncEvent, all: readonly Told[], problem?: string): void {
  for (const told of all) handOver(turn, told);
  const { condition, errorType } = event.decision ?? {};
  const detail = problem === undefined ? errorType : `${errorType ?? condition}; no object was written: ${problem}`;
  endEvent(turn, event, condition === 'Success' ? 'succeeded' : 'reported', detail);
}

export interface Told {
  readonly report: Report;
  readonly event: AsyncEvent;
  readonly decision: AsyncDecision;
  readonly found: FoundVersion;
  readonly texts: { readonly request: string; readonly response: string };
}

function handOver(turn: LambdaTurn, told: Told): void {
  const { report, event, found } = told;
  const service = parseArn(report.arn)?.service;
  const isBus = service === 'events';
  const isEvent = isBus || service === 'lambda';
  const body = report.kind === 'destination' ? recordText(turn, told) : told.texts.request;
  const message = messageOf(turn, body, report.kind === 'destination' ? [] : attributesOf(told));
  const content: HandOver['content'] = isEvent ? { kind: 'event', text: body } : { kind: 'message', message };
  turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: found.doc.arn,
      targetArn: report.arn,
      principal: sessionOf(turn, found.doc, found.settings),
      payload: turn.storePayload(isEvent ? utf8Encode(body) : encodeStoredMessage(message)),
      content,
      ...(isBus ? { parameters: { bus: busParameters(told) } } : {}),
    },
    policy: ONCE,
    requestId: event.requestId,
  });
}

/** The record is the detail. Source: the CDK's documentation of Lambda destinations; the resources, in this order: events captured from AWS. */
function busParameters({ report, event, decision, found }: Told): NonNullable<TargetParameters['bus']> {
  const result = decision.condition === 'Success' ? 'Success' : 'Failure';
  const detailType = `Lambda Function Invocation Result - ${result}`;
  return { source: 'lambda', detailType, resources: [report.arn, qualifiedArn(event, found)] };
}

function messageOf(turn: LambdaTurn, body: string, attributes: readonly StoredAttribute[]): PlainMessage {
  return { kind: 'plain', messageId: turn.uuid(), body, attributes, system: {} };
}

/** AWS: attributes of a dead letter: RequestID, ErrorCode (the HTTP status), ErrorMessage (its first 1 KB). */
function attributesOf({ event, decision, texts }: Told): readonly StoredAttribute[] {
  const message = errorMessageOf(texts.response) ?? decision.errorType ?? decision.condition;
  return [
    { name: 'RequestID', dataType: 'String', value: event.requestId },
    { name: 'ErrorCode', dataType: 'Number', value: '200' },
    { name: 'ErrorMessage', dataType: 'String', value: message.slice(0, 1024) },
  ];
}

/** The record of an invocation, as destinations get it. */
function recordText(turn: LambdaTurn, { event, decision, texts, found }: Told): string {
  const responseContext = {
    statusCode: 200,
    executedVersion: decision.version ?? LATEST,
    ...(decision.errorType === undefined ? {} : { functionError: 'Unhandled' }),
  };
  const head = JSON.stringify({
    version: '1.0',
    timestamp: new Date(turn.nowMs).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: qualifiedArn(event, found),
      condition: decision.condition,
      approximateInvokeCount: decision.attempts,
    },
  });
  const request = `"requestPayload":${embedded(texts.request)}`;
  if (decision.response === undefined) return `${head.slice(0, -1)},${request}}`;
  const response = `"responseContext":${JSON.stringify(responseContext)},"responsePayload":${embedded(texts.response)}`;
  return `${head.slice(0, -1)},${request},${response}}`;
}

function qualifiedArn({ invokedArn }: AsyncEvent, { reference }: FoundVersion): string {
  return reference.qualifier === undefined ? `${invokedArn}:${LATEST}` : invokedArn;
}

/** JSON stays as it was written: a number keeps its digits, and writing a deeply nested document anew would overflow the stack. */
function embedded(text: string): string {
  return jsonOf(text) === text ? JSON.stringify(text) : text;
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : utf8Decode(bytes);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A custom runtime may answer anything: shown as text. No JSON text is equal to the string it stands for.
    return text;
  }
}

function errorMessageOf(response: string): string | undefined {
  const document = jsonOf(response);
  if (typeof document !== 'object' || document === null) return undefined;
  const message = (document as { errorMessage?: unknown }).errorMessage;
  return typeof message === 'string' ? message : undefined;
}
