// The target's parameters: which of them a kind of target takes. AWS: user guide, "Amazon EventBridge Pipes targets".

import type { PipeTargetParameters } from '#wire/generated/pipes.ts';
import { type FieldProblem, INVALID_TARGET_PARAMETER, MISSING_PARAMETER, notAvailable } from '../errors.ts';
import { nameOfService, type TargetKind, targetKindOf } from './kinds.ts';
import { templateProblems } from './template-problems.ts';

type Parameter = keyof PipeTargetParameters;

const OWN: Readonly<Record<TargetKind, Parameter | undefined>> = {
  lambda: 'LambdaFunctionParameters',
  sqs: 'SqsQueueParameters',
  sns: undefined,
  bus: 'EventBridgeEventBusParameters',
  'api-destination': 'HttpParameters',
  logs: 'CloudWatchLogsParameters',
  kinesis: 'KinesisStreamParameters',
  firehose: undefined,
};

/** `before`: what was set, which an update may leave as it is. */
export function targetProblems(
  arn: string,
  parameters: PipeTargetParameters | undefined,
  before: PipeTargetParameters | undefined,
): FieldProblem[] {
  const kind = targetKindOf(arn);
  if (kind === undefined) return [notAvailable('Target', `A target of ${nameOfService(arn)}`)];
  // AWS names the parameter without its way: terraform-provider-aws 37150.
  const problems: FieldProblem[] = parametersOf(parameters)
    .filter((name) => name !== OWN[kind])
    .map((name) => ({ name, message: INVALID_TARGET_PARAMETER }));
  if (kind === 'kinesis' && (parameters?.KinesisStreamParameters ?? before?.KinesisStreamParameters) === undefined) {
    problems.push({ name: 'TargetParameters.KinesisStreamParameters', message: MISSING_PARAMETER });
  }
  const queue = parameters?.SqsQueueParameters ?? before?.SqsQueueParameters;
  // AWS: SQS refuses it of a standard queue; that Pipes does so when the pipe is made is ours.
  if (kind === 'sqs' && !arn.endsWith('.fifo') && (queue?.MessageDeduplicationId ?? '') !== '') {
    problems.push({ name: 'SqsQueueParameters.MessageDeduplicationId', message: INVALID_TARGET_PARAMETER });
  }
  if (parameters?.EventBridgeEventBusParameters?.EndpointId !== undefined) {
    problems.push(notAvailable('EventBridgeEventBusParameters.EndpointId', 'A global endpoint'));
  }
  return [...problems, ...templateProblems('TargetParameters.InputTemplate', parameters?.InputTemplate)];
}

function parametersOf(parameters: PipeTargetParameters | undefined): Parameter[] {
  const given = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined);
  return given.map(([name]) => name as Parameter).filter((name) => name !== 'InputTemplate');
}

/** AWS: an empty template removes it; what is not mentioned stays, as long as the target is of the same kind. */
export function targetParameters(
  given: PipeTargetParameters | undefined,
  { arn, before }: { readonly arn: string; readonly before: PipeTargetParameters | undefined },
): PipeTargetParameters {
  const kind = targetKindOf(arn);
  const own = kind === undefined ? undefined : OWN[kind];
  const InputTemplate = given?.InputTemplate ?? before?.InputTemplate ?? '';
  const ownValue = own === undefined ? undefined : (given?.[own] ?? before?.[own]);
  return {
    ...(InputTemplate === '' ? {} : { InputTemplate }),
    ...(own === undefined || ownValue === undefined ? {} : { [own]: ownValue }),
  };
}
