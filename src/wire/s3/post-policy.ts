// The policy of a form: until when, and under which conditions, what is posted is taken. AWS: S3 API reference, "POST Policy"; texts of
// refusals as AWS's answers are recorded (LocalStack's test_s3 snapshots, ceph's s3-tests, issues of upload libraries).

import { base64Decode } from '#base/base64.ts';
import type { AwsError } from '#model/aws-error.ts';
import { parseDateTime } from '../timestamps.ts';
import * as refusals from './refusals.ts';

export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

export interface PostedFields {
  /** By lower-case name, the key's `${filename}` already replaced. */
  readonly fields: ReadonlyMap<string, string>;
  readonly bucket: string;
  readonly nowMs: number;
}

/** AWS: "Each form field that you specify in a form (except x-amz-signature, file, policy, and field names that have an x-ignore- prefix)". */
const UNNAMED: ReadonlySet<string> = new Set(['policy', 'file', 'x-amz-signature', 'signature', 'awsaccesskeyid']);

type Condition = readonly ['eq' | 'starts-with', string, string] | readonly ['content-length-range', number, number];

/** What the policy says of the file's size, or why it does not let the form in. */
export function checkPostPolicy(
  policy: string,
  posted: PostedFields,
): AwsError | { readonly range: SizeRange | undefined } {
  const document = documentOf(policy);
  if (document === undefined) return refusals.invalidPolicyDocument('Invalid Policy: Invalid JSON.');
  const { expiration, conditions } = document;
  if (expiration === undefined) return refusals.invalidPolicyDocument('Invalid Policy: Missing expiration.');
  if (!Array.isArray(conditions)) return refusals.invalidPolicyDocument('Invalid Policy: Missing conditions.');
  const untilMs = typeof expiration === 'string' ? parseDateTime(expiration) : undefined;
  if (untilMs === undefined) return refusals.invalidPolicyDocument('Invalid Policy: Invalid expiration.');
  if (untilMs <= posted.nowMs) return refusals.policyRefuses('Policy expired.');
  const named = new Set(UNNAMED);
  let range: SizeRange | undefined;
  for (const given of conditions) {
    const condition = conditionOf(given);
    if (condition === undefined) return refusals.policyRefuses(`Policy Condition failed: ${shown(given)}`);
    if (condition[0] === 'content-length-range') {
      range = { min: Math.max(range?.min ?? 0, condition[1]), max: Math.min(range?.max ?? Infinity, condition[2]) };
      continue;
    }
    named.add(condition[1]);
    if (!holds(condition, posted)) return refusals.policyRefuses(`Policy Condition failed: ${shown(given)}`);
  }
  const extra = [...posted.fields.keys()].find((name) => !named.has(name) && !name.startsWith('x-ignore-'));
  return extra === undefined ? { range } : refusals.policyRefuses(`Extra input fields: ${extra}`);
}

function documentOf(policy: string): { readonly expiration?: unknown; readonly conditions?: unknown } | undefined {
  const bytes = base64Decode(policy.replace(/\s/g, ''));
  if (bytes === undefined) return undefined;
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

/** `{"acl": "private"}` is short for `["eq", "$acl", "private"]`. */
function conditionOf(given: unknown): Condition | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  if (!Array.isArray(given)) {
    const [pair, ...others] = Object.entries(given);
    if (pair === undefined || others.length > 0 || typeof pair[1] !== 'string') return undefined;
    return ['eq', pair[0].toLowerCase(), pair[1]];
  }
  const [operator, first, second] = given as readonly unknown[];
  const kind = typeof operator === 'string' ? operator.toLowerCase() : '';
  if (given.length !== 3) return undefined;
  if (kind === 'content-length-range') {
    const [min, max] = [Number(first), Number(second)];
    return Number.isInteger(min) && Number.isInteger(max) ? [kind, min, max] : undefined;
  }
  if (kind !== 'eq' && kind !== 'starts-with') return undefined;
  if (typeof first !== 'string' || !first.startsWith('$') || typeof second !== 'string') return undefined;
  return [kind, first.slice(1).toLowerCase(), second];
}

function holds([kind, name, wanted]: readonly [string, string, string], { fields, bucket }: PostedFields): boolean {
  const value = name === 'bucket' ? bucket : fields.get(name);
  if (value === undefined) return kind === 'starts-with' && wanted === '';
  if (kind === 'eq') return value === wanted;
  // AWS: "If you specify a list of values for Content-Type, each of them must match".
  const values = name === 'content-type' ? value.split(',').map((each) => each.trim()) : [value];
  return values.every((each) => each.startsWith(wanted));
}

/** As AWS shows it: `["eq", "$key", "value"]`. */
function shown(given: unknown): string {
  const isPair = typeof given === 'object' && given !== null && !Array.isArray(given);
  const [name = '', value] = isPair ? (Object.entries(given)[0] ?? []) : [];
  const list = isPair ? ['eq', `$${name}`, value] : given;
  return Array.isArray(list)
    ? `[${list.map((each) => JSON.stringify(each)).join(', ')}]`
    : String(JSON.stringify(list));
}
