// Settings of a stream: largest record, warm throughput, distribution of records, encryption.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  StartStreamEncryptionInput,
  StopStreamEncryptionInput,
  UpdateMaxRecordSizeInput,
  UpdateStreamRecordDistributionStrategyInput,
  UpdateStreamWarmThroughputInput,
  UpdateStreamWarmThroughputOutput,
} from '#wire/generated/kinesis.ts';
import { distributionProblem } from '../distribution.ts';
import { invalidArgument, notAvailable } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { RECORD_KIB } from '../limits.ts';
import type { KinesisState } from '../state.ts';
import { updateStream } from '../update-stream.ts';
import { checkWarmThroughput, warm, warmProblem } from '../warm-throughput.ts';

export const updateMaxRecordSize = operation<KinesisState, UpdateMaxRecordSizeInput, object>({
  authorize: onStream('UpdateMaxRecordSize'),
  decide(turn, input): Reply<object> {
    const { MaxRecordSizeInKiB } = input;
    const stream = findStream(turn, input, (validation) =>
      validation
        .required('maxRecordSizeInKiB', MaxRecordSizeInKiB)
        .range('maxRecordSizeInKiB', MaxRecordSizeInKiB, RECORD_KIB),
    );
    if (isRefused(stream)) return stream;
    updateStream(turn, stream, { maxRecordKib: MaxRecordSizeInKiB as number });
    return { output: {} };
  },
});

export const updateStreamWarmThroughput = operation<
  KinesisState,
  UpdateStreamWarmThroughputInput,
  UpdateStreamWarmThroughputOutput
>({
  authorize: onStream('UpdateStreamWarmThroughput'),
  decide(turn, input): Reply<UpdateStreamWarmThroughputOutput> {
    const { WarmThroughputMiBps: mebibytes } = input;
    const stream = findStream(turn, input, (validation) =>
      checkWarmThroughput(validation.required('warmThroughputMiBps', mebibytes), mebibytes),
    );
    if (isRefused(stream)) return stream;
    const target = mebibytes as number;
    const { name, arn, mode } = stream.doc;
    const problem = warmProblem(turn, mode, target);
    if (problem !== undefined) return refuse(problem);
    warm(turn, stream, target);
    return {
      output: { StreamName: name, StreamARN: arn, WarmThroughput: { TargetMiBps: target, CurrentMiBps: target } },
    };
  },
});

/** AWS's default is set already; AUTO lets producers leave out the partition key. */
export const updateStreamRecordDistributionStrategy = operation<
  KinesisState,
  UpdateStreamRecordDistributionStrategyInput,
  object
>({
  authorize: onStream('UpdateStreamRecordDistributionStrategy'),
  decide(turn, input): Reply<object> {
    const { RecordDistributionStrategy: strategy } = input;
    const stream = findStream(turn, input, (validation) =>
      validation
        .required('streamARN', input.StreamARN)
        .required('recordDistributionStrategy', strategy)
        .oneOf('recordDistributionStrategy', strategy, ['AUTO', 'USER_PARTITION_KEY']),
    );
    if (isRefused(stream)) return stream;
    const unsuited = distributionProblem(stream.doc.mode, strategy);
    return unsuited === undefined ? { output: {} } : refuse(unsuited);
  },
});

export const startStreamEncryption = operation<KinesisState, StartStreamEncryptionInput, object>({
  isRefusal: true,
  authorize: onStream('StartStreamEncryption'),
  decide(turn, input): Reply<object> {
    const stream = findStream(turn, input, (validation) =>
      validation
        .required('encryptionType', input.EncryptionType)
        .oneOf('encryptionType', input.EncryptionType, ['NONE', 'KMS'])
        .required('keyId', input.KeyId),
    );
    return isRefused(stream) ? stream : refuse(notAvailable('Encryption with KMS'));
  },
});

/** The text is not AWS's. */
export const stopStreamEncryption = operation<KinesisState, StopStreamEncryptionInput, object>({
  isRefusal: true,
  authorize: onStream('StopStreamEncryption'),
  decide(turn, input): Reply<object> {
    const stream = findStream(turn, input, (validation) =>
      validation
        .required('encryptionType', input.EncryptionType)
        .oneOf('encryptionType', input.EncryptionType, ['NONE', 'KMS'])
        .required('keyId', input.KeyId),
    );
    if (isRefused(stream)) return stream;
    const { name, account } = stream.doc;
    return refuse(invalidArgument(`Stream ${name} under account ${account} is not encrypted.`));
  },
});
