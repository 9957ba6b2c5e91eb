// AWS: STS API reference, AssumeRole. The role's trust policy must allow the caller; session policies narrow the session.

import { operation } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { nameOf } from '#model/policy/verdict.ts';
import type { AssumeRoleInput, AssumeRoleOutput } from '#wire/generated/sts.ts';
import { checkDuration, renderCredentials } from '../credentials-input.ts';
import {
  accessDenied,
  chainedDurationTooLong,
  constraintError,
  durationTooLong,
  invalidArn,
  notAvailable,
} from '../errors.ts';
import { sessionPolicyOf } from '../session-policy.ts';
import { issueCredentials, rolePrincipal } from '../sessions.ts';
import type { StsState, StsTurn } from '../state.ts';

const DURATION = { min: 900, max: 43_200, default: 3600 };
const CHAINED_SECONDS_MAX = 3600;

export const assumeRole = operation<StsState, AssumeRoleInput, AssumeRoleOutput>({
  authorize(turn, input) {
    const problem = inputProblem(input);
    if (problem !== undefined) return problem;
    const role = turn.doors.identities?.findRole(turn, input.RoleArn as string);
    if (role === undefined) return notAuthorized(turn, input.RoleArn as string);
    return {
      action: 'sts:AssumeRole',
      resource: role.arn,
      resourceAccount: role.account,
      resourcePolicy: role.trustPolicy,
      context: {
        'sts:RoleSessionName': input.RoleSessionName as string,
        ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
      },
    };
  },
  decide(turn, input) {
    const problem = inputProblem(input);
    if (problem !== undefined) return { refused: problem };
    const role = turn.doors.identities?.findRole(turn, input.RoleArn as string);
    // AWS does not tell whether a role exists.
    if (role === undefined) return { refused: notAuthorized(turn, input.RoleArn as string) };
    const { DurationSeconds: seconds = DURATION.default } = input;
    if (turn.principal.kind === 'session' && seconds > CHAINED_SECONDS_MAX)
      return { refused: chainedDurationTooLong() };
    if (seconds > role.maxSessionSeconds) return { refused: durationTooLong() };
    const policy = sessionPolicyOf(turn, input);
    if ('refused' in policy) return policy;
    const session = {
      name: input.RoleSessionName as string,
      ...(policy.text === undefined ? {} : { policy: policy.text }),
    };
    const principal = rolePrincipal(role, session);
    const credentials = issueCredentials(turn, principal, seconds);
    return {
      output: {
        Credentials: renderCredentials(credentials),
        AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
        ...(policy.packedPercent === undefined ? {} : { PackedPolicySize: policy.packedPercent }),
      },
    };
  },
});

function inputProblem(input: AssumeRoleInput): AwsError | undefined {
  const { RoleArn: arn, RoleSessionName: name } = input;
  if (arn === undefined) return constraintError('roleArn', arn, '');
  if (arn.length < 20) return constraintError('roleArn', arn, 'Member must have length greater than or equal to 20');
  const parsed = parseArn(arn);
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('role/')) return invalidArn(arn);
  if (name === undefined) return constraintError('roleSessionName', name, '');
  if (name.length < 2)
    return constraintError('roleSessionName', name, 'Member must have length greater than or equal to 2');
  if (name.length > 64)
    return constraintError('roleSessionName', name, 'Member must have length less than or equal to 64');
  if (!/^[\w+=,.@-]*$/.test(name)) {
    return constraintError('roleSessionName', name, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  return checkDuration(input.DurationSeconds, DURATION) ?? unavailable(input);
}

/** What would change who the session is or what it may do, and is not done here. */
function unavailable(input: AssumeRoleInput): AwsError | undefined {
  if ((input.Tags?.length ?? 0) > 0) return notAvailable('Tags', 'session tags are');
  if ((input.TransitiveTagKeys?.length ?? 0) > 0) return notAvailable('TransitiveTagKeys', 'session tags are');
  if (input.SourceIdentity !== undefined) return notAvailable('SourceIdentity', 'source identities are');
  if (input.SerialNumber !== undefined) return notAvailable('SerialNumber', 'MFA devices are');
  if (input.TokenCode !== undefined) return notAvailable('TokenCode', 'MFA devices are');
  return (input.ProvidedContexts?.length ?? 0) > 0
    ? notAvailable('ProvidedContexts', 'context providers are')
    : undefined;
}

function notAuthorized(turn: StsTurn, roleArn: string): AwsError {
  return accessDenied(
    `User: ${nameOf(turn.principal)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
}
