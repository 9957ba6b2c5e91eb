// A batch goes to Splunk's HTTP event collector, and is delivered when Splunk says that it was indexed. AWS: Firehose developer guide, "Handle
// data delivery failures", Splunk: without an acknowledgement in time it is sent again, within the retry duration.

import type { Outcome } from '#cell/turn.ts';
import type { SplunkDestinationDescription } from '#wire/generated/firehose.ts';
import { SplunkAsked, SplunkBatchSent } from '../facts.ts';
import { SPLUNK_ASK_MS } from '../limits.ts';
import {
  ASK_SPLUNK,
  DELIVER_SPLUNK,
  type SplunkAnswer,
  type SplunkDelivery,
  type SplunkQuestion,
  type SplunkSent,
} from '../performing.ts';
import { secretsOf } from '../secrets.ts';
import { type FirehoseTurn, laneNumber } from '../state.ts';
import { completeBatch, failBatch } from './end-batch.ts';
import { endRun, type FoundRun, findRun } from './running.ts';
import { destinationFailed, type ErrorForm, giveUp } from './try-destination.ts';

export const SPLUNK_SENT = 'splunk-sent';
export const SPLUNK_ANSWERED = 'splunk-answered';
const TYPE = 'splunk-failed';
const ACKNOWLEDGEMENT_SECONDS = 180;

/** AWS's error records have the batch's id: `EventId`. */
const formOf = ({ run }: FoundRun): ErrorForm => ({ type: TYPE, members: { EventId: run.requestId } });

export function startSplunk(found: FoundRun, description: SplunkDestinationDescription): void {
  const { run, content, turn } = found;
  const { trouble, splunk } = run.lane;
  const { HECEndpoint: hecEndpoint = '', HECEndpointType = 'Raw' } = description;
  const { hecToken = '' } = secretsOf(turn, content.doc);
  const { payloads, subject, requestId: channel } = run;
  if (splunk !== undefined) {
    const input: SplunkQuestion = { hecEndpoint, hecToken, channel, ackIds: [splunk.ackId] };
    turn.perform({ performer: ASK_SPLUNK, input, then: { reaction: SPLUNK_ANSWERED, subject } });
  } else if (trouble?.isGivenUp === true) giveUp(found, trouble, formOf(found));
  else {
    const hecEndpointType = HECEndpointType as SplunkDelivery['hecEndpointType'];
    const input: SplunkDelivery = { blocks: run.blocks, hecEndpoint, hecEndpointType, hecToken, channel };
    turn.perform({ performer: DELIVER_SPLUNK, input, payloads, then: { reaction: SPLUNK_SENT, subject } });
  }
}

export function splunkSent(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject);
  if (found === undefined) return;
  if ('failed' in outcome) {
    failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
    return;
  }
  const result = outcome.result as SplunkSent;
  if (result.outcome === 'failed') {
    destinationFailed(found, result, formOf(found));
    return;
  }
  const { run, content } = found;
  const { endSequence, requestId, lane } = run;
  endRun(turn.state, run);
  turn.record(SplunkBatchSent, {
    stream: content.number,
    lane: laneNumber(lane.name),
    endSequence,
    requestId,
    ackId: result.ackId,
    sentAtMs: turn.nowMs,
    askAtMs: turn.nowMs + SPLUNK_ASK_MS,
  });
}

export function splunkAnswered(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject);
  if (found === undefined) return;
  const { run, content } = found;
  const { splunk, name } = run.lane;
  const answer = 'failed' in outcome ? undefined : (outcome.result as SplunkAnswer);
  if (splunk !== undefined && answer?.outcome === 'answered' && answer.indexed.includes(splunk.ackId)) {
    completeBatch(found, 'delivered');
    return;
  }
  const untilMs = (splunk?.sentAtMs ?? 0) + timeoutMsOf(content.doc.destination.description);
  if (turn.nowMs >= untilMs) {
    const code = 'Splunk.AckTimeout';
    const message = 'Did not receive an acknowledgement from HEC before the HEC acknowledgement timeout expired.';
    const waitedMs = turn.nowMs - (splunk?.sentAtMs ?? turn.nowMs);
    destinationFailed(found, { code, message, isRetryable: true, waitedMs }, formOf(found));
    return;
  }
  endRun(turn.state, run);
  const askAtMs = Math.min(turn.nowMs + SPLUNK_ASK_MS, untilMs);
  turn.record(SplunkAsked, { stream: content.number, lane: laneNumber(name), askAtMs });
}

function timeoutMsOf(description: SplunkDestinationDescription): number {
  return (description.HECAcknowledgmentTimeoutInSeconds ?? ACKNOWLEDGEMENT_SECONDS) * 1_000;
}
