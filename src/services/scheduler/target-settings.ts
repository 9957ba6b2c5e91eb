// Which targets a schedule can have: those of the services that are here, and operations of theirs (universal). AWS, Scheduler user guide,
// "Using templated targets": SQS SendMessage, SNS Publish, Lambda Invoke, EventBridge PutEvents, Kinesis PutRecord, Firehose PutRecord. The others of AWS's list (
// Step Functions, ECS, CodeBuild, CodePipeline, Inspector, SageMaker) are refused by the service's name.

import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { Target } from '#wire/generated/scheduler.ts';
import {
  actionNotSupported,
  arnNotCorrect,
  inputNotJson,
  notAvailable,
  parametersMissing,
  parametersNotAllowed,
  requestJson,
  serviceNotSupported,
} from './errors.ts';
import type { SchedulerTurn } from './state.ts';
import { readRequestJson } from './universal/request-json.ts';
import { parseUniversalArn, type UniversalName } from './universal/sdk-services.ts';

interface Templated {
  readonly resource: RegExp;
  readonly parameters?: keyof Target;
  readonly needsParameters?: true;
  /** AWS: CreateSchedule, Target.Input: well-formed JSON for Lambda, Step Functions and EventBridge; elsewhere any text. */
  readonly input: 'text' | 'json' | 'object';
}

const TEMPLATED: Readonly<Record<string, Templated>> = {
  sqs: { resource: /^[a-zA-Z0-9\-_]{1,80}(\.fifo)?$/, parameters: 'SqsParameters', input: 'text' },
  sns: { resource: /^[a-zA-Z0-9\-_]{1,256}(\.fifo)?$/, input: 'text' },
  lambda: { resource: /^function:[a-zA-Z0-9\-_]+(:[a-zA-Z0-9$\-_]+)?$/, input: 'json' },
  events: {
    resource: /^event-bus\/[/.\-_A-Za-z0-9]+$/,
    parameters: 'EventBridgeParameters',
    needsParameters: true,
    input: 'object',
  },
  kinesis: {
    resource: /^stream\/[a-zA-Z0-9_.-]{1,128}$/,
    parameters: 'KinesisParameters',
    needsParameters: true,
    input: 'text',
  },
  firehose: { resource: /^deliverystream\/[a-zA-Z0-9_.-]{1,64}$/, input: 'text' },
};

const PARAMETERS: readonly (keyof Target)[] = ['SqsParameters', 'EventBridgeParameters', 'KinesisParameters'];
const NOT_AVAILABLE: readonly (keyof Target)[] = [
  'EcsParameters',
  'EventBridgePutEventsV2Parameters',
  'EventBridgePutRawEventsParameters',
  'SageMakerPipelineParameters',
];

/** Why a schedule cannot have this target, whose members have the right form. */
export function targetProblem(turn: SchedulerTurn, target: Target): AwsError | undefined {
  const { Arn: arn = '' } = target;
  const absent = NOT_AVAILABLE.find((name) => target[name] !== undefined);
  const universal = parseUniversalArn(arn);
  if (universal !== undefined) {
    return absent === undefined ? universalProblem(turn, universal, target) : notAvailable(`Target.${absent}`);
  }
  const parsed = parseArn(arn);
  if (parsed === undefined) return arnNotCorrect();
  const kind = Object.hasOwn(TEMPLATED, parsed.service) ? TEMPLATED[parsed.service] : undefined;
  if (kind === undefined) return serviceNotSupported(parsed.service);
  if (absent !== undefined) return notAvailable(`Target.${absent}`);
  const isComplete = /^\d{12}$/.test(parsed.account) && parsed.region !== '' && kind.resource.test(parsed.resource);
  if (!isComplete) return arnNotCorrect();
  return parametersProblem(target, kind) ?? inputProblem(target.Input, kind.input);
}

function universalProblem(turn: SchedulerTurn, name: UniversalName, target: Target): AwsError | undefined {
  const { services } = turn.state;
  if (services.service(name.service) === undefined) return serviceNotSupported(name.service);
  const found = services.find(name);
  if (found === undefined) return actionNotSupported(name.service, name.action);
  const state = turn.doors.operations.find(found.service.prefix, found.operation.name);
  if (state === undefined) return notAvailable(`The target ${name.service}:${name.action}`);
  if (state === 'unprepared') {
    return notAvailable(`The target ${name.service}:${name.action}, whose request must be prepared by a client,`);
  }
  const given = PARAMETERS.find((parameters) => target[parameters] !== undefined);
  if (given !== undefined) return parametersNotAllowed(`Target.${given}`);
  const request = readRequestJson(found, target.Input);
  return 'reason' in request ? requestJson(request.reason) : undefined;
}

function parametersProblem(target: Target, { parameters, needsParameters }: Templated): AwsError | undefined {
  const wrong = PARAMETERS.find((name) => name !== parameters && target[name] !== undefined);
  if (wrong !== undefined) return parametersNotAllowed(`Target.${wrong}`);
  if (needsParameters !== true || parameters === undefined || target[parameters] !== undefined) return undefined;
  return parametersMissing(`Target.${parameters}`);
}

function inputProblem(input: string | undefined, kind: Templated['input']): AwsError | undefined {
  if (input === undefined || kind === 'text') return undefined;
  try {
    const json: unknown = JSON.parse(input);
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
    return kind === 'json' || isObject ? undefined : inputNotJson();
  } catch {
    // Whoever wrote it is told.
    return inputNotJson();
  }
}

/** Without what is undefined: as it is kept. */
export function compactTarget(target: Target): Target {
  return JSON.parse(JSON.stringify(target)) as Target;
}
