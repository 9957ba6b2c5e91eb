// CreateQueue. Idempotent: the same name with no different attributes gives the URL of the queue that is there.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { CreateQueueInput, CreateQueueOutput } from '#wire/generated/sqs.ts';
import * as errors from '../errors.ts';
import type { SqsTurn } from '../find-queue.ts';
import { limits, queueDefaults } from '../limits.ts';
import { isFifoName, isStandardName, type Queue, queueArn, queueKey } from '../queue.ts';
import { type Patch, parseAttributes, renderSettings } from '../queue-attributes.ts';
import { formatQueueUrl } from '../queue-url.ts';
import type { SqsState } from '../state.ts';
import { tagProblem } from '../tags.ts';

export const createQueue = operation<SqsState, CreateQueueInput, CreateQueueOutput>({
  authorize(turn, { QueueName: name = '' }) {
    const resource = queueArn(turn.scope, name);
    return { action: 'sqs:CreateQueue', resource, resourceAccount: turn.scope.account };
  },
  decide(turn, input) {
    const { QueueName: name, Attributes: attributes = {}, tags = {} } = input;
    if (name === undefined || name === '') return refuse(errors.missingParameter('QueueName'));
    const problem = nameProblem(name, attributes['FifoQueue']) ?? tagProblem(tags, name);
    if (problem !== undefined) return refuse(problem);
    const key = queueKey(turn.scope, name);
    const existing = turn.state.queues.get(key);
    const fresh = newQueue(turn, name);
    const patch = parseAttributes(turn.state, attributes, existing ?? fresh);
    if (isRefused(patch)) return patch;
    const url = formatQueueUrl(turn.request?.baseUrl ?? turn.advertisedUrl, fresh);
    if (existing !== undefined) {
      const different = differentAttribute(existing, patch, Object.keys(attributes));
      return different === undefined ? { output: { QueueUrl: url } } : refuse(errors.queueExistsDifferently(different));
    }
    const deleted = turn.state.deletedNames.get(key);
    if (deleted !== undefined) {
      if (deleted.deletedAtMs + limits.deletedNamePauseMs > turn.nowMs) return refuse(errors.queueDeletedRecently());
      turn.drop(turn.state.deletedNames, key);
    }
    turn.put(turn.state.queues, key, { ...fresh, ...patch, tags });
    return { output: { QueueUrl: url } };
  },
});

function nameProblem(name: string, fifo: string | undefined): AwsError | undefined {
  if (fifo === undefined) return isStandardName(name) ? undefined : errors.invalidQueueName();
  switch (fifo.toLowerCase()) {
    case 'true':
      return isFifoName(name) ? undefined : errors.invalidFifoQueueName();
    case 'false':
      // AWS takes FifoQueue only where it is true.
      return errors.unknownAttribute('FifoQueue');
    default:
      return errors.invalidAttributeValue('FifoQueue');
  }
}

function newQueue(turn: SqsTurn, name: string): Queue {
  const { scope, nowMs, state } = turn;
  return {
    number: state.nextQueueNumber,
    arn: queueArn(scope, name),
    name,
    account: scope.account,
    region: scope.region,
    isFifo: name.endsWith('.fifo'),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    ...queueDefaults,
    tags: {},
  };
}

/** AWS compares only what the request names. */
function differentAttribute(existing: Queue, patch: Patch, names: readonly string[]): string | undefined {
  const before = renderSettings(existing);
  const after = renderSettings({ ...existing, ...patch });
  return names.find((name) => before[name] !== after[name]);
}
