// What PutTargets refuses of a target beyond its constraints: resources of a kind that nothing here delivers to, parameters of other kinds, and
// what AWS refuses of the kinds that there are. A resource that does not exist is accepted, as by AWS. Sources of texts: "RoleArn is required …"
// (replies of PutTargets, terraform-aws-eventbridge, issue 41), "Parameter(s) SqsParameters …" (aws-ddk, issue 183), "Provided Arn …" (moto);
// that a bus needs a role even in its own account and takes no retry policy, and a log group takes no role, is from captures of AWS's replies
// whose texts are not published: those are ours.

import { type Arn, parseArn } from '#model/arn.ts';
import { parseJsonPath } from '#structures/input-template/json-path.ts';
import type { Target } from '#wire/generated/events.ts';
import type { BusDoc } from '../buses/documents.ts';
import { isStandardQueue } from '../buses/settings.ts';
import { inputProblem } from '../routing/shaping/input-problem.ts';

type Kind = 'queue' | 'topic' | 'function' | 'log group' | 'bus' | 'API destination' | 'stream' | 'delivery stream';

/** AWS: user guide, "Event bus targets": these are reached with a role only. */
const NEEDS_ROLE: ReadonlySet<Kind> = new Set(['bus', 'API destination', 'stream', 'delivery stream']);

/** Settings of kinds of targets that there are not. */
const FOREIGN_PARAMETERS = [
  'RunCommandParameters',
  'EcsParameters',
  'BatchParameters',
  'RedshiftDataParameters',
  'SageMakerPipelineParameters',
  'AppSyncParameters',
] as const;

/** The text of a ValidationException, or undefined. `position`: which of the request's targets it is, from 1. */
export function targetProblem(bus: BusDoc, target: Target, position: number): string | undefined {
  const { Arn: text = '', Id: id = '' } = target;
  const arn = parseArn(text);
  if (arn === undefined) return malformedArn(text);
  const foreign = FOREIGN_PARAMETERS.find((name) => target[name] !== undefined);
  if (foreign !== undefined) return `${foreign} of target ${id} is not available on this server.`;
  const kind = kindOf(arn);
  if (kind === undefined) return `A target of ${arn.service} (${text}) is not available on this server.`;
  return (
    placeProblem(bus, kind, arn) ??
    roleProblem(kind, target) ??
    parametersProblem(kind, target) ??
    deliveryProblem(bus, kind, target) ??
    inputProblem(target, position)
  );
}

function malformedArn(text: string): string {
  return `Parameter ${text} is not valid. Reason: Provided Arn is not in correct format.`;
}

function kindOf({ service, resource }: Arn): Kind | undefined {
  if (service === 'sqs') return /^[A-Za-z0-9_-]{1,80}(\.fifo)?$/.test(resource) ? 'queue' : undefined;
  if (service === 'sns') return /^[A-Za-z0-9_-]{1,256}(\.fifo)?$/.test(resource) ? 'topic' : undefined;
  if (service === 'lambda') return resource.startsWith('function:') ? 'function' : undefined;
  if (service === 'logs') return resource.startsWith('log-group:') ? 'log group' : undefined;
  if (service === 'kinesis') return /^stream\/[a-zA-Z0-9_.-]{1,128}$/.test(resource) ? 'stream' : undefined;
  if (service === 'firehose') {
    return /^deliverystream\/[a-zA-Z0-9_.-]{1,64}$/.test(resource) ? 'delivery stream' : undefined;
  }
  if (service !== 'events') return undefined;
  if (resource.startsWith('event-bus/')) return 'bus';
  return resource.startsWith('api-destination/') ? 'API destination' : undefined;
}

/** AWS: EventBridge user guide, "Sending events to an AWS service in another account": not among those that may be elsewhere. */
const OWN_ACCOUNT_ONLY: ReadonlySet<Kind> = new Set(['log group', 'API destination', 'delivery stream']);

/** AWS: EventBridge user guide, "Event bus targets": only a bus can be in another region. The texts are ours. */
function placeProblem(bus: BusDoc, kind: Kind, { region, account, service, resource }: Arn): string | undefined {
  if (!/^\d{12}$/.test(account) || region === '')
    return malformedArn(`arn:aws:${service}:${region}:${account}:${resource}`);
  if (OWN_ACCOUNT_ONLY.has(kind) && account !== bus.account) {
    return `A target in another account (${account}) cannot be of the kind ${kind}.`;
  }
  if (kind === 'bus' || region === bus.region) return undefined;
  return `A target of ${service} in another region (${region}) is not supported.`;
}

function roleProblem(kind: Kind, { Arn: arn, RoleArn: role }: Target): string | undefined {
  if (role === undefined) return NEEDS_ROLE.has(kind) ? `RoleArn is required for target ${arn}.` : undefined;
  if (kind === 'log group') return `RoleArn is not supported for target ${arn}.`;
  const parsed = parseArn(role);
  return parsed?.service === 'iam' && parsed.resource.startsWith('role/') ? undefined : malformedArn(role);
}

function parametersProblem(kind: Kind, target: Target): string | undefined {
  const { Id: id, Arn: arn = '', SqsParameters: sqs, HttpParameters: http } = target;
  if (http !== undefined && kind !== 'API destination') return notFor('HttpParameters', target);
  if (sqs !== undefined && kind !== 'queue') return notFor('SqsParameters', target);
  if (target.KinesisParameters !== undefined) return streamProblem(kind, target);
  if (kind === 'queue' && arn.endsWith('.fifo') && (sqs?.MessageGroupId ?? '') === '') {
    return `Parameter(s) SqsParameters must be specified for target: ${id}.`;
  }
  if (kind === 'topic' && arn.endsWith('.fifo')) return `A FIFO topic cannot be a target (${arn}).`;
  return undefined;
}

/** The text of a path that is none is plausible. */
function streamProblem(kind: Kind, target: Target): string | undefined {
  if (kind !== 'stream') return notFor('KinesisParameters', target);
  const { PartitionKeyPath: path = '' } = target.KinesisParameters ?? {};
  return parseJsonPath(path)?.isDefinite === true
    ? undefined
    : `Invalid PartitionKeyPath provided. Reason: ${path} is not a path.`;
}

function deliveryProblem(bus: BusDoc, kind: Kind, target: Target): string | undefined {
  const { Arn: arn, DeadLetterConfig: deadLetter, RetryPolicy: retry } = target;
  if (deadLetter?.Arn !== undefined && !isStandardQueue(deadLetter.Arn)) {
    return 'Parameter DeadLetterConfig.Arn is not valid. Reason: It must be the ARN of a standard SQS queue.';
  }
  if (kind !== 'bus') return undefined;
  if (retry !== undefined) return notFor('RetryPolicy', target);
  return arn === bus.arn ? `The event bus of the rule cannot be its target (${arn}).` : undefined;
}

function notFor(setting: string, { Id: id }: Target): string {
  return `${setting} cannot be specified for target: ${id}.`;
}
