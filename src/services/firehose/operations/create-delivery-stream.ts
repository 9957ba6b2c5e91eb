// CreateDeliveryStream. AWS's CREATING takes a minute; here the stream takes records when the answer is given.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { CreateDeliveryStreamInput, CreateDeliveryStreamOutput } from '#wire/generated/firehose.ts';
import type { SourceDoc } from '../documents.ts';
import {
  invalidArgument,
  notAvailable,
  roleNotAssumable,
  streamExists,
  streamNotFound,
  tooManyStreams,
} from '../errors.ts';
import { permission, streamArn, streamKey } from '../find-stream.ts';
import { STREAMS_MAX } from '../limits.ts';
import { shapeProblem } from '../named.ts';
import { passedRoles } from '../passed-roles.ts';
import { mayAssumeRole } from '../role.ts';
import { sealSecrets } from '../secrets.ts';
import { carryOutChecked, type Ready } from '../settings/check-query.ts';
import { readDestination } from '../settings/read.ts';
import { list, number, oneOf, structure } from '../settings/shape.ts';
import { SOURCE, STREAM_NAME, TAG } from '../settings/shapes.ts';
import type { FirehoseState, FirehoseTurn } from '../state.ts';
import { tagsOf } from '../tags.ts';

const SHAPE = structure(
  {
    DeliveryStreamName: STREAM_NAME,
    DeliveryStreamType: oneOf('DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'),
    DirectPutSourceConfiguration: structure({ ThroughputHintInMBs: number(1, 100) }, 'ThroughputHintInMBs'),
    KinesisStreamSourceConfiguration: SOURCE,
    Tags: list(TAG, { min: 1, max: 50 }),
  },
  'DeliveryStreamName',
);
const SOURCES_NOT_AVAILABLE = ['MSKSourceConfiguration', 'DatabaseSourceConfiguration'] as const;

export const createDeliveryStream = operation<FirehoseState, CreateDeliveryStreamInput, CreateDeliveryStreamOutput>({
  authorize: (turn, input) => [
    permission(turn, 'CreateDeliveryStream', { name: input.DeliveryStreamName ?? '', tags: input.Tags }),
    ...passedRoles(turn, input),
  ],
  decide: (turn, input): Reply<CreateDeliveryStreamOutput> => carryOutChecked(turn, (again) => plan(again, input)),
});

function plan(turn: FirehoseTurn, input: CreateDeliveryStreamInput): Ready<CreateDeliveryStreamOutput> | Refused {
  const problem = shapeProblem(input, SHAPE) ?? sourceProblem(input);
  if (problem !== undefined) return refuse(problem);
  const { DeliveryStreamName: name = '', Tags = [] } = input;
  const { account, region } = turn.scope;
  const key = streamKey(turn.scope, name);
  if (turn.state.streams.has(key)) return refuse(streamExists(name, account));
  if (isFull(turn)) return refuse(tooManyStreams(STREAMS_MAX));
  const arn = streamArn(turn.scope, name);
  const owner = { arn, account };
  const described = readDestination(turn, input, { ending: 'Configuration', before: undefined, owner });
  if (isRefused(described)) return described;
  const source = sourceOf(turn, input);
  const missing = source === undefined ? undefined : whyNotReadable(turn, source, owner);
  if (missing !== undefined) return refuse(missing);
  const { destination } = described;
  const hint = input.DirectPutSourceConfiguration?.ThroughputHintInMBs;
  const carryOut = (): CreateDeliveryStreamOutput => {
    const number = turn.state.nextNumber;
    const secrets = sealSecrets(turn, number, described.secrets);
    turn.put(turn.state.streams, key, {
      ...{ number, arn, name, account, region, version: 1, createdAtMs: turn.nowMs },
      ...(source === undefined ? {} : { source }),
      ...(hint === undefined ? {} : { throughputHintMiB: hint }),
      destination,
      ...(secrets === undefined ? {} : { secrets }),
      tags: tagsOf(Tags),
    });
    return { DeliveryStreamARN: arn };
  };
  return { destination, carryOut };
}

function isFull({ state, scope }: FirehoseTurn): boolean {
  return state.streams.page({ prefix: scopePrefix(scope), limit: STREAMS_MAX }).items.length >= STREAMS_MAX;
}

function sourceProblem(input: CreateDeliveryStreamInput): AwsError | undefined {
  const { DeliveryStreamType: type = 'DirectPut', KinesisStreamSourceConfiguration: kinesis } = input;
  const unavailable = SOURCES_NOT_AVAILABLE.find((name) => input[name] !== undefined);
  if (unavailable !== undefined) return notAvailable(unavailable);
  if (type === 'MSKAsSource' || type === 'DatabaseAsSource') return notAvailable(`DeliveryStreamType ${type}`);
  if (input.DeliveryStreamEncryptionConfigurationInput !== undefined) {
    return notAvailable('DeliveryStreamEncryptionConfigurationInput');
  }
  if (type === 'KinesisStreamAsSource' && kinesis === undefined) {
    return invalidArgument('KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.');
  }
  if (type === 'DirectPut' && kinesis !== undefined) {
    return invalidArgument('KinesisStreamSourceConfig is not applicable for DirectPut delivery stream type.');
  }
  if (type !== 'DirectPut' && input.DirectPutSourceConfiguration !== undefined) {
    return invalidArgument(`DirectPutSourceConfig is not applicable for ${type} delivery stream type.`);
  }
  return undefined;
}

function sourceOf(turn: FirehoseTurn, input: CreateDeliveryStreamInput): SourceDoc | undefined {
  const { KinesisStreamARN = '', RoleARN = '' } = input.KinesisStreamSourceConfiguration ?? {};
  if (KinesisStreamARN === '') return undefined;
  const wakeKey = turn.doors.streams.get('kinesis')?.wakeKey(KinesisStreamARN) ?? KinesisStreamARN;
  return { streamArn: KinesisStreamARN, roleArn: RoleARN, wakeKey, startMs: turn.nowMs };
}

function whyNotReadable(
  turn: FirehoseTurn,
  { streamArn: sourceArn, roleArn }: SourceDoc,
  owner: { readonly arn: string; readonly account: string },
): AwsError | undefined {
  if (!mayAssumeRole(turn, owner, roleArn)) return roleNotAssumable(roleArn);
  const stream = turn.doors.streams.get('kinesis')?.describe(turn, sourceArn);
  return stream === undefined ? streamNotFound(sourceArn) : undefined;
}
