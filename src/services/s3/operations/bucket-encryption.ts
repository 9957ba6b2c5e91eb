// Default encryption. AWS encrypts every object with SSE-S3 unless told otherwise, and answers so; here bytes lie on the disk as they came, which
// the room's README and the capability page say. Keys of KMS are refused by name.

import { type AwsError, clientError, refuse } from '#model/aws-error.ts';
import type {
  GetBucketEncryptionInput,
  GetBucketEncryptionOutput,
  PutBucketEncryptionInput,
  ServerSideEncryptionRule,
} from '#wire/generated/s3.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { malformedXml, notAvailable } from '../errors.ts';

const DEFAULT = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

export const getBucketEncryption = readsBucket<GetBucketEncryptionInput, GetBucketEncryptionOutput>(
  'GetEncryptionConfiguration',
  ({ encryption }) => ({ ServerSideEncryptionConfiguration: encryption ?? DEFAULT }),
);

export const putBucketEncryption = changesBucket<PutBucketEncryptionInput>(
  'PutEncryptionConfiguration',
  (_bucket, { input }) => {
    const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
    const [rule] = rules;
    if (rule === undefined || rules.length > 1) return refuse(malformedXml());
    const problem = ruleProblem(rule);
    if (problem !== undefined) return refuse(problem);
    return {
      encryption: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
            BucketKeyEnabled: rule.BucketKeyEnabled ?? false,
          },
        ],
      },
    };
  },
);

export const deleteBucketEncryption = changesBucket('PutEncryptionConfiguration', () => ({ encryption: undefined }));

function ruleProblem(rule: ServerSideEncryptionRule): AwsError | undefined {
  const { ApplyServerSideEncryptionByDefault: applied, BlockedEncryptionTypes: blocked } = rule;
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = applied ?? {};
  if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse') {
    return notAvailable(`Default encryption with ${algorithm}`);
  }
  if (algorithm !== 'AES256') return malformedXml();
  if (key !== undefined) return keyNotApplicable();
  // SSE-C is refused anyway, so blocking it is what happens; there is nothing else to block.
  const types = blocked?.EncryptionType ?? [];
  return types.every((type) => type === 'SSE-C' || type === 'NONE') ? undefined : malformedXml();
}

const keyNotApplicable = (): AwsError =>
  clientError(
    'InvalidArgument',
    'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    { members: { ArgumentName: 'ApplyServerSideEncryptionByDefault' } },
  );
