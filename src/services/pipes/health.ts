// The state that a pipe shows: what its poller would find. A pipe says RUNNING only while its source is there and its role may read it; the poller asks the
// same question before it takes anything.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { PipeDoc } from './documents.ts';
import { type SourceProblem, stoppedReason } from './errors.ts';
import { mayAssumeRole, sessionOf } from './role.ts';
import { streamProblem } from './streams/source.ts';

/** AWS: EventBridge user guide, "Amazon Simple Queue Service as a source", "Execution role permissions". */
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

export function sourceProblem(turn: Turn, pipe: PipeDoc): SourceProblem | undefined {
  const { sourceArn, account, region } = pipe;
  const own = turn.within(scopeOf(account, region), sessionOf(turn, pipe));
  if (!mayAssumeRole(own, pipe)) return { kind: 'role' };
  const arn = parseArn(sourceArn);
  if (pipe.source.stream !== undefined) return streamProblem(own, pipe);
  const source = turn.doors.sources.get(arn?.service ?? '');
  if (source === undefined || !source.exists(own, sourceArn)) return { kind: 'gone' };
  const resourceAccount = arn?.account ?? account;
  const asked = { resource: sourceArn, resourceAccount, resourcePolicy: source.policy?.(own, sourceArn) };
  const denied = QUEUE_ACTIONS.find((action) => !own.authorize({ ...asked, action: `sqs:${action}` }).isAllowed);
  return denied === undefined ? undefined : { kind: 'denied', action: denied };
}

/** AWS: the example of DescribePipe in the CLI's reference. */
const USER_INITIATED = 'User initiated';

export function stateOf(turn: Turn, pipe: PipeDoc): { readonly current: string; readonly reason: string } {
  if (pipe.desiredState === 'STOPPED') return { current: 'STOPPED', reason: USER_INITIATED };
  if (pipe.failure !== undefined) return { current: pipe.failure.state, reason: pipe.failure.reason };
  const problem = sourceProblem(turn, pipe);
  if (problem === undefined) return { current: 'RUNNING', reason: USER_INITIATED };
  // AWS: user guide, "Error handling and troubleshooting": "A pipe may be automatically stopped with an updated StateReason."
  return { current: 'STOPPED', reason: stoppedReason(problem) };
}
