// The bucket's policy: in the grammar of IAM, about this bucket and its objects.

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import { type PolicyStatement, parsePolicyDocument } from '#model/policy-document.ts';
import type {
  GetBucketPolicyInput,
  GetBucketPolicyOutput,
  GetBucketPolicyStatusInput,
  GetBucketPolicyStatusOutput,
  PutBucketPolicyInput,
} from '#wire/generated/s3.ts';
import { type BucketDoc, bucketArn } from '../bucket.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { accessDenied, malformedPolicy, noBucketPolicy } from '../errors.ts';
import { POLICY_BYTES_MAX } from '../limits.ts';
import { initiatorOf } from '../owner.ts';
import { actionProblem } from '../policy-actions.ts';
import { conditionKeyProblem } from '../policy-keys.ts';
import { isPublicPolicy } from '../public-policy.ts';

export const getBucketPolicy = readsBucket<GetBucketPolicyInput, GetBucketPolicyOutput>(
  'GetBucketPolicy',
  ({ name, policy }) => (policy === undefined ? refuse(noBucketPolicy(name)) : { Policy: policy }),
);

export const getBucketPolicyStatus = readsBucket<GetBucketPolicyStatusInput, GetBucketPolicyStatusOutput>(
  'GetBucketPolicyStatus',
  ({ name, policy }) =>
    policy === undefined ? refuse(noBucketPolicy(name)) : { PolicyStatus: { IsPublic: isPublicPolicy(policy) } },
);

export const deleteBucketPolicy = changesBucket('DeleteBucketPolicy', () => ({ policy: undefined }));

export const putBucketPolicy = changesBucket<PutBucketPolicyInput>('PutBucketPolicy', (bucket, { input, turn }) => {
  const { Policy: policy = '' } = input;
  const problem = policyProblem(bucket, policy);
  if (problem !== undefined) return refuse(problem);
  if (bucket.publicAccessBlock?.BlockPublicPolicy === true && isPublicPolicy(policy)) {
    return refuse(publicPolicyBlocked(bucket, initiatorOf(turn)));
  }
  return { policy };
});

function policyProblem(bucket: BucketDoc, text: string): AwsError | undefined {
  if (!text.trimStart().startsWith('{')) {
    return malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  }
  if (utf8Length(text) > POLICY_BYTES_MAX) return malformedPolicy('Policy exceeds the maximum allowed document size.');
  const missing = missingField(text);
  if (missing !== undefined) return missing;
  const parsed = parsePolicyDocument(text, 'resource');
  if ('problem' in parsed) return malformedPolicy(`${parsed.problem.text} ${parsed.problem.detail}`.trim());
  for (const statement of parsed.document.statements) {
    const wrong = actionProblem(statement) ?? conditionKeyProblem(statement);
    if (wrong !== undefined) return malformedPolicy(wrong);
  }
  const arn = bucketArn(bucket);
  const isAbout = (resource: string): boolean => resource === '*' || isWithin(resource, arn);
  const resourcesOf = ({ resources, notResources }: PolicyStatement): readonly string[] =>
    resources ?? notResources ?? [];
  const isForeign = parsed.document.statements.some((statement) => !resourcesOf(statement).every(isAbout));
  return isForeign ? malformedPolicy('Policy has invalid resource') : undefined;
}

/** AWS's texts for what is no JSON and for a policy that says nothing. */
function missingField(text: string): AwsError | undefined {
  try {
    const policy = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return policy['Statement'] === undefined ? malformedPolicy('Missing required field Statement') : undefined;
  } catch {
    return malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  }
}

/** The bucket, its objects, or a pattern that begins like them. */
function isWithin(resource: string, arn: string): boolean {
  if (resource === arn || resource.startsWith(`${arn}/`) || resource === `${arn}*`) return true;
  const wildcard = resource.search(/[*?]/);
  return wildcard >= 0 && arn.startsWith(resource.slice(0, wildcard));
}

function publicPolicyBlocked(bucket: BucketDoc, who: string): AwsError {
  const what = `User: ${who} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket)}"`;
  return accessDenied(
    `${what} because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
  );
}
