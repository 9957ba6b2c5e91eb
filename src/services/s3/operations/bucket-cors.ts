// CORS rules of a bucket. AWS: S3 user guide, "Elements of a CORS configuration".

import { type AwsError, refuse } from '#model/aws-error.ts';
import type { CORSRule, GetBucketCorsInput, GetBucketCorsOutput, PutBucketCorsInput } from '#wire/generated/s3.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { invalidRequest, malformedXml, noCors } from '../errors.ts';

const RULES_MAX = 100;
const METHODS = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

export const getBucketCors = readsBucket<GetBucketCorsInput, GetBucketCorsOutput>('GetBucketCORS', ({ name, cors }) =>
  cors === undefined ? refuse(noCors(name)) : { CORSRules: cors },
);

export const putBucketCors = changesBucket<PutBucketCorsInput>('PutBucketCORS', (_bucket, { input }) => {
  const rules = input.CORSConfiguration?.CORSRules ?? [];
  if (rules.length === 0 || rules.length > RULES_MAX) return refuse(malformedXml());
  for (const rule of rules) {
    const problem = ruleProblem(rule);
    if (problem !== undefined) return refuse(problem);
  }
  return { cors: rules };
});

export const deleteBucketCors = changesBucket('PutBucketCORS', () => ({ cors: undefined }));

function ruleProblem({
  AllowedMethods,
  AllowedOrigins,
  AllowedHeaders,
  ExposeHeaders,
}: CORSRule): AwsError | undefined {
  if (!AllowedMethods?.length || !AllowedOrigins?.length) return malformedXml();
  const method = AllowedMethods.find((name) => !METHODS.has(name));
  if (method !== undefined) {
    return invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
  }
  const origin = AllowedOrigins.find((text) => text.split('*').length > 2);
  if (origin !== undefined) return invalidRequest(`AllowedOrigin "${origin}" can not have more than one wildcard.`);
  const header = AllowedHeaders?.find((text) => text.split('*').length > 2);
  if (header !== undefined) return invalidRequest(`AllowedHeader "${header}" can not have more than one wildcard.`);
  const exposed = ExposeHeaders?.find((text) => text.includes('*'));
  if (exposed === undefined) return undefined;
  return invalidRequest(
    `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
  );
}
