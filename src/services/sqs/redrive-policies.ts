// The two policies about dead letters, read from a client's JSON and checked.
// AWS: "Configuring a dead-letter queue"; texts as AWS answers them where known (recorded by LocalStack's validated tests, quoted by public
// template checkers and emulators), else in its style.

import { parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { invalidAttributeValue, invalidValue } from './errors.ts';
import { queueByArn } from './find-queue.ts';
import { limits } from './limits.ts';
import { type Queue, queueKeyOfArn, type RedriveAllowPolicy, type RedrivePolicy } from './queue.ts';
import type { SqsState } from './state.ts';

type Source = Pick<Queue, 'account' | 'region' | 'isFifo' | 'arn'>;

function jsonMap(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMap ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON is refused like JSON that is no map.
    return undefined;
  }
}

export function parseRedrivePolicy(state: SqsState, text: string, source: Source): RedrivePolicy | Refused {
  const fail = (reason: string): Refused => refuse(invalidValue('RedrivePolicy', text, reason));
  const map = jsonMap(text);
  if (map === undefined) return fail('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn: arn, maxReceiveCount: given, ...others } = map;
  if (arn === undefined) return fail('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (given === undefined) return fail('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const maxReceiveCount = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  if (!isReceiveCount(maxReceiveCount)) {
    const range = `valid values are from 1 to ${limits.maxReceiveCountMax} both inclusive.`;
    return fail(`Invalid value for maxReceiveCount: ${String(given)}, ${range}`);
  }
  if (Object.keys(others).length > 0) {
    return fail('Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].');
  }
  if (typeof arn !== 'string') return fail('Invalid value for deadLetterTargetArn.');
  const problem = placeProblem(arn, source) ?? targetProblem(state, arn, source);
  return problem === undefined ? { deadLetterTargetArn: arn, maxReceiveCount } : fail(problem);
}

function isReceiveCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limits.maxReceiveCountMax;
}

/** What the ARN alone tells; AWS looks at it before it looks the queue up. */
function placeProblem(text: string, source: Source): string | undefined {
  const arn = parseArn(text);
  if (arn === undefined) return 'Invalid value for deadLetterTargetArn.';
  if (arn.service !== 'sqs') return 'Only SQS queues are valid resources for deadLetterTargetArn';
  if (queueKeyOfArn(text) === undefined) return 'Invalid value for deadLetterTargetArn.';
  if (arn.region !== source.region) return 'Dead-letter target must be in same region as the source.';
  return arn.account === source.account ? undefined : 'Dead-letter target owner should be same as the source.';
}

function targetProblem(state: SqsState, arn: string, source: Source): string | undefined {
  const target = queueByArn(state, arn);
  if (target === undefined) return 'Dead letter target does not exist.';
  if (target.arn === source.arn) return 'Dead-letter queue must be a different queue than the source.';
  if (target.isFifo !== source.isFifo) return 'Dead-letter queue must be same type of queue as the source.';
  const allow = target.redriveAllowPolicy;
  if (allow === undefined || allow.redrivePermission === 'allowAll') return undefined;
  if (allow.redrivePermission === 'byQueue' && allow.sourceQueueArns?.includes(source.arn) === true) return undefined;
  return 'Dead letter target does not allow this queue as a source, by its redrive allow policy.';
}

export function parseRedriveAllowPolicy(text: string, queue: Source): RedriveAllowPolicy | Refused {
  const fail = (reason: string): Refused => refuse(invalidValue('RedriveAllowPolicy', text, reason));
  const map = jsonMap(text);
  if (map === undefined) return refuse(unsupportedFormat());
  const { redrivePermission, sourceQueueArns: arns, ...others } = map;
  if (Object.keys(others).length > 0) return refuse(unsupportedFormat());
  if (redrivePermission === 'allowAll' || redrivePermission === 'denyAll') {
    if (arns === undefined) return { redrivePermission };
    return fail(`${CANNOT}. To specify one or more source queue ARNs, you must set redrivePermission to byQueue.`);
  }
  if (redrivePermission !== 'byQueue') return refuse(unsupportedFormat());
  if (arns !== undefined && !isTexts(arns)) return refuse(unsupportedFormat());
  const problem = sourcesProblem(arns ?? [], queue);
  return problem === undefined ? { redrivePermission, sourceQueueArns: arns ?? [] } : fail(problem);
}

const CANNOT = "Amazon SQS can't create the redrive allow policy";

function unsupportedFormat(): AwsError {
  return invalidAttributeValue('RedriveAllowPolicy', `${CANNOT}, as it's in an unsupported format.`);
}

function sourcesProblem(arns: readonly string[], queue: Source): string | undefined {
  if (arns.length === 0) {
    return `${CANNOT}. When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.`;
  }
  const { redriveSourcesMax: max } = limits;
  if (arns.length > max) return `${CANNOT}. The maximum number of source queue ARNs you can specify is ${max}.`;
  if (arns.some((arn) => queueKeyOfArn(arn) === undefined)) return 'Invalid value for sourceQueueArns.';
  if (arns.every((arn) => parseArn(arn)?.region === queue.region)) return undefined;
  return 'All source queue ARNs must be in the same region as the current SQS queue.';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
