// The policy of a form: until when it may be posted, and what its fields may say. AWS: S3 API reference, "POST Policy"; order and texts of
// refusals as recorded in LocalStack's snapshots and in issues of SDKs.

import { base64Decode } from '#base/base64.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { parseDateTime } from '../../timestamps.ts';
import type { FormFields } from './form-fields.ts';
import { conditionFailed, extraFields, invalidPolicy, policyExpired } from './form-refusals.ts';
import { textOf } from './multipart-reader.ts';
import { type Condition, readCondition } from './policy-condition.ts';

export interface PostPolicy {
  readonly expiresAtMs: number;
  readonly conditions: readonly Condition[];
}

/** Inclusive. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

/** AWS: "Each form field … (except x-amz-signature, file, policy, and field names that have an x-ignore- prefix)", with version 2's two. */
const UNNAMED: ReadonlySet<string> = new Set(['x-amz-signature', 'signature', 'awsaccesskeyid', 'file', 'policy']);

/** From the field's Base64. */
export function readPolicy(encoded: string): PostPolicy | Refused {
  const bytes = base64Decode(encoded.replace(/\s+/g, ''));
  const text = bytes === undefined ? undefined : textOf(bytes);
  if (text === undefined) return refuse(invalidPolicy('invalid Base64 encoding.'));
  const document = objectOf(text);
  if (document === undefined) return refuse(invalidPolicy('Invalid JSON.'));
  const { expiration, conditions, ...others } = document;
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) {
    return refuse(invalidPolicy(`Unexpected: '${unexpected.toLowerCase().slice(0, 128)}'`));
  }
  if (expiration === undefined) return refuse(invalidPolicy('Policy missing expiration.'));
  if (conditions === undefined) return refuse(invalidPolicy('Policy missing conditions.'));
  // AWS takes UTC only: an offset is refused.
  const expiry = typeof expiration === 'string' ? expiration : JSON.stringify(expiration);
  const expiresAtMs = expiry.endsWith('Z') ? parseDateTime(expiry) : undefined;
  if (expiresAtMs === undefined) return refuse(invalidPolicy(`Invalid 'expiration' value: '${expiry.slice(0, 64)}'`));
  if (!Array.isArray(conditions)) return refuse(invalidPolicy("Invalid 'conditions' value: must be a List."));
  const read = conditions.map(readCondition);
  const wrong = read.find(isRefused);
  return wrong ?? { expiresAtMs, conditions: read as readonly Condition[] };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Why the policy does not let the form pass. */
export function policyProblem(
  { expiresAtMs, conditions }: PostPolicy,
  form: { readonly fields: FormFields; readonly bucket: string },
  nowMs: number,
): AwsError | undefined {
  if (expiresAtMs <= nowMs) return policyExpired();
  const named = new Set<string>();
  for (const condition of conditions) {
    if (condition.kind === 'length') continue;
    named.add(condition.name);
    // The bucket is the one that is posted to, whatever a field says.
    const value = condition.name === 'bucket' ? form.bucket : form.fields.value(condition.name);
    if (!condition.isMet(value)) return conditionFailed(condition.text);
  }
  const extra = [...form.fields.entries].filter(
    ([name]) => !named.has(name) && !UNNAMED.has(name) && !name.startsWith('x-ignore-'),
  );
  return extra.length === 0 ? undefined : extraFields(extra.map(([, field]) => field.name));
}

/** Several ranges: what all of them allow. */
export function lengthRangeOf({ conditions }: PostPolicy): LengthRange | undefined {
  let range: LengthRange | undefined;
  for (const condition of conditions) {
    if (condition.kind !== 'length') continue;
    const { min, max } = condition;
    range = range === undefined ? { min, max } : { min: Math.max(min, range.min), max: Math.min(max, range.max) };
  }
  return range;
}
