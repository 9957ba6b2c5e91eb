// The session policies of an AssumeRole: the one given as text and managed ones together become one document, since what
// either allows is allowed.

import { type Refused, refuse } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import type { AssumeRoleInput } from '#wire/generated/sts.ts';
import { constraintError, malformedPolicy, policyNotFound, policyTooLarge } from './errors.ts';
import type { StsTurn } from './state.ts';

/** AWS: STS API reference, AssumeRole: plain text of all session policies together, and how many managed ones. */
const CHARACTERS_MAX = 2048;
const MANAGED_MAX = 10;

export interface SessionPolicy {
  readonly text: string | undefined;
  /** How much of the space is used, in percent, as AWS tells it. */
  readonly packedPercent: number | undefined;
}

type Given = Pick<AssumeRoleInput, 'Policy' | 'PolicyArns'>;

export function sessionPolicyOf(
  turn: StsTurn,
  { Policy: inline, PolicyArns: managed = [] }: Given,
): SessionPolicy | Refused {
  const texts: string[] = [];
  if (inline !== undefined) {
    const parsed = parsePolicyDocument(inline, 'identity');
    if ('problem' in parsed) return refuse(malformedPolicy(parsed.problem.text));
    if (inline.length > CHARACTERS_MAX) return refuse(policyTooLarge());
    texts.push(inline);
  }
  if (managed.length > MANAGED_MAX) {
    const constraint = `Member must have length less than or equal to ${MANAGED_MAX}`;
    return refuse(constraintError('policyArns', managed.length, constraint));
  }
  for (const { arn = '' } of managed) {
    const text = turn.doors.identities?.findPolicyText(turn, arn);
    if (text === undefined) return refuse(policyNotFound(arn));
    texts.push(text);
  }
  if (texts.length === 0) return { text: undefined, packedPercent: undefined };
  const used = (inline?.length ?? 0) + managed.reduce((sum, { arn = '' }) => sum + arn.length, 0);
  return { text: merge(texts), packedPercent: Math.min(100, Math.ceil((used / CHARACTERS_MAX) * 100)) };
}

/** Sids may repeat between documents, and one document must not repeat them: they are left out when documents are joined. */
function merge(texts: readonly string[]): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return only;
  const statements = texts.flatMap((text) => {
    const { Statement } = JSON.parse(text) as { Statement: object | object[] };
    return Array.isArray(Statement) ? Statement : [Statement];
  });
  const Statement = statements.map((statement) => {
    const { Sid: _sid, ...rest } = statement as { Sid?: string };
    return rest;
  });
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
