// The two policies about dead letters, read from a client's JSON and checked.
// AWS: "Configuring a dead-letter queue"; texts as AWS answers them where known (recorded by LocalStack's validated tests), else in its style.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { invalidValue } from './errors.ts';
import { queueByArn } from './find-queue.ts';
import { limits } from './limits.ts';
import { type Queue, queueKeyOfArn, type RedriveAllowPolicy, type RedrivePolicy } from './queue.ts';
import type { SqsState } from './state.ts';

type Source = Pick<Queue, 'account' | 'region' | 'isFifo' | 'arn'>;

function jsonMap(parameter: string, text: string, kind: string): Record<string, unknown> | Refused {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through: not JSON is refused like JSON that is no map.
  }
  return refuse(invalidValue(parameter, text, `${kind} is not a valid JSON map.`));
}

export function parseRedrivePolicy(state: SqsState, text: string, source: Source): RedrivePolicy | Refused {
  const fail = (reason: string): Refused => refuse(invalidValue('RedrivePolicy', text, reason));
  const map = jsonMap('RedrivePolicy', text, 'Redrive policy');
  if (isRefused(map)) return map as Refused;
  const { deadLetterTargetArn: arn, maxReceiveCount: given, ...others } = map as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) return fail(`Redrive policy contains an unknown attribute: ${other}.`);
  if (arn === undefined) return fail('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (given === undefined) return fail('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const maxReceiveCount = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  if (!isReceiveCount(maxReceiveCount)) {
    const range = `valid values are from 1 to ${limits.maxReceiveCountMax} both inclusive.`;
    return fail(`Invalid value for maxReceiveCount: ${String(given)}, ${range}`);
  }
  if (typeof arn !== 'string' || queueKeyOfArn(arn) === undefined) {
    return fail('Invalid value for deadLetterTargetArn.');
  }
  const problem = targetProblem(state, arn, source);
  return problem === undefined ? { deadLetterTargetArn: arn, maxReceiveCount } : fail(problem);
}

function isReceiveCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limits.maxReceiveCountMax;
}

function targetProblem(state: SqsState, arn: string, source: Source): string | undefined {
  const target = queueByArn(state, arn);
  if (target === undefined) return 'Dead letter target does not exist.';
  if (target.account !== source.account || target.region !== source.region) {
    return 'Dead-letter queue must be in the same account and region as the source.';
  }
  if (target.arn === source.arn) return 'Dead-letter queue must be a different queue than the source.';
  if (target.isFifo !== source.isFifo) return 'Dead-letter queue must be same type of queue as the source.';
  const allow = target.redriveAllowPolicy;
  if (allow === undefined || allow.redrivePermission === 'allowAll') return undefined;
  if (allow.redrivePermission === 'byQueue' && allow.sourceQueueArns?.includes(source.arn) === true) return undefined;
  return 'Dead letter target does not allow this queue as a source, by its redrive allow policy.';
}

export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy | Refused {
  const fail = (reason: string): Refused => refuse(invalidValue('RedriveAllowPolicy', text, reason));
  const map = jsonMap('RedriveAllowPolicy', text, 'Redrive allow policy');
  if (isRefused(map)) return map as Refused;
  const { redrivePermission, sourceQueueArns, ...others } = map as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) return fail(`Redrive allow policy contains an unknown attribute: ${other}.`);
  if (redrivePermission === 'allowAll' || redrivePermission === 'denyAll') {
    return sourceQueueArns === undefined
      ? { redrivePermission }
      : fail('sourceQueueArns can be given only when redrivePermission is byQueue.');
  }
  if (redrivePermission !== 'byQueue') {
    return fail('redrivePermission must be one of allowAll, denyAll and byQueue.');
  }
  if (!Array.isArray(sourceQueueArns) || sourceQueueArns.length === 0) {
    return fail('sourceQueueArns is mandatory when redrivePermission is byQueue.');
  }
  if (sourceQueueArns.length > limits.redriveSourcesMax) {
    return fail(`sourceQueueArns can have at most ${limits.redriveSourcesMax} queues.`);
  }
  if (sourceQueueArns.some((arn) => typeof arn !== 'string' || queueKeyOfArn(arn) === undefined)) {
    return fail('Invalid value for sourceQueueArns.');
  }
  return { redrivePermission, sourceQueueArns: sourceQueueArns as string[] };
}
