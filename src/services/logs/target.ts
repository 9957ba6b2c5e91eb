// A log group as a target: of a rule, a pipe, a schedule. One line a hand-over; the group must exist, its stream is made. AWS: EventBridge user guide,
// "Using resource-based policies", "CloudWatch Logs permissions": streams and lines need logs:CreateLogStream and logs:PutLogEvents.
// AWS writes to streams named by UUIDs and does not say which lines share one: here those of one source do.

import { utf8Length } from '#base/bytes.ts';
import type { HandOver, HandOverContent, HandOverResult } from '#cell/target.ts';
import { parseArn } from '#model/arn.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { createStream, recordEvents } from './append.ts';
import { LogLineTaken } from './facts.ts';
import { groupNameOfArn, type LogsTurn, permission } from './find-group.ts';
import { AHEAD_MS_MAX, BEHIND_MS_MAX, EVENT_BYTES_MAX, EVENT_OVERHEAD_BYTES, STREAM_NAME } from './limits.ts';
import { resourcePolicyOf } from './resource-policies.ts';
import { groupKey, type LogGroupDoc } from './state.ts';

export function acceptHandOver(asked: LogsTurn, handOver: HandOver): HandOverResult {
  const arn = parseArn(handOver.targetArn);
  const name = groupNameOfArn(handOver.targetArn);
  const scope = arn === undefined ? asked.scope : scopeOf(arn.account, arn.region);
  const group = name === undefined ? undefined : asked.state.groups.get(groupKey(scope, name));
  if (group === undefined) {
    return failure('ResourceNotFoundException', `The log group ${name ?? handOver.targetArn} does not exist.`);
  }
  const turn = asked.within(scope, handOver.principal) as LogsTurn;
  const { stream: streamName = streamNameOf(turn, handOver.sourceArn), timestampMs = turn.nowMs } =
    handOver.parameters?.logs ?? {};
  const message = textOf(handOver.content);
  const problem = entryProblem(turn, { streamName, timestampMs, message });
  if (problem !== undefined) return failure('InvalidParameterException', problem);
  const known = turn.state.findStream(group.id, streamName);
  const denied = denial(turn, handOver, { scope, group, streamName, isNew: known === undefined });
  if (denied !== undefined) return failure('AccessDeniedException', denied);
  const stream = known ?? createStream(turn, group, streamName);
  recordEvents(turn, stream, [{ timestampMs, message }]);
  turn.record(LogLineTaken, { stream: stream.id, payload: handOver.payload });
  return { accepted: true };
}

function entryProblem(
  turn: LogsTurn,
  entry: { readonly streamName: string; readonly timestampMs: number; readonly message: string },
): string | undefined {
  const { streamName, timestampMs, message } = entry;
  if (streamName === '' || streamName.length > 512 || !STREAM_NAME.test.test(streamName)) {
    return `${streamName.slice(0, 64)} cannot be the name of a log stream.`;
  }
  if (message === '') return 'Log event message must not be empty.';
  const bytes = utf8Length(message) + EVENT_OVERHEAD_BYTES;
  if (bytes > EVENT_BYTES_MAX) return `Log event too large: ${bytes} bytes exceeds limit of ${EVENT_BYTES_MAX}`;
  // PutLogEvents leaves out such lines and says so in its answer, which a rule has no use for.
  const isInTime = timestampMs >= turn.nowMs - BEHIND_MS_MAX && timestampMs <= turn.nowMs + AHEAD_MS_MAX;
  if (isInTime) return undefined;
  return 'The time of a log event must be within the last 14 days and at most 2 hours ahead.';
}

function denial(
  turn: LogsTurn,
  { principal }: HandOver,
  given: {
    readonly scope: Scope;
    readonly group: LogGroupDoc;
    readonly streamName: string;
    readonly isNew: boolean;
  },
): string | undefined {
  const { scope, group, streamName, isNew } = given;
  const named = { logGroupName: group.name, logStreamName: streamName };
  const resourcePolicy = resourcePolicyOf(turn.state, scope, group.name);
  for (const action of isNew ? ['CreateLogStream', 'PutLogEvents'] : ['PutLogEvents']) {
    const asked = { ...permission(turn, action, named), resourcePolicy, principal };
    const verdict = turn.authorize({ ...asked, isHandOver: true });
    if (!verdict.isAllowed) return verdict.reason;
  }
  return undefined;
}

function textOf(content: HandOverContent): string {
  if (content.kind === 'event') return content.text;
  return content.message.kind === 'plain' ? content.message.body : content.message.message;
}

/** In the form of a UUID (version 8: made by a rule of one's own). */
function streamNameOf(turn: LogsTurn, sourceArn: string): string {
  const hex = turn.digest.sha256Hex(sourceArn);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function failure(code: string, detail: string): HandOverResult {
  return { failure: { code, detail, isRetryable: false } };
}
