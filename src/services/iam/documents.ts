// Policy documents as they come in and go out: checked completely when they are put, percent-encoded when they are read.

import type { AwsError } from '#model/aws-error.ts';
import { type PolicyKind, parsePolicyDocument } from '#model/policy-document.ts';
import { percentEncode } from '#wire/percent.ts';
import { malformedPolicy } from './errors.ts';

export function documentProblem(text: string, kind: PolicyKind): AwsError | undefined {
  const parsed = parsePolicyDocument(text, kind);
  return 'problem' in parsed ? malformedPolicy(parsed.problem.text) : undefined;
}

/** Size as quotas count it. AWS: "IAM does not count white space when calculating the size of a policy". */
export function documentSize(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** AWS: "The policy document … is URL-encoded compliant with RFC 3986". */
export function encodeDocument(text: string): string {
  return percentEncode(text);
}
