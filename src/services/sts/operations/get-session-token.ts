// AWS: STS API reference, GetSessionToken: temporary credentials for the user (or root) who asks, with the same permissions.

import { operation } from '#cell/service-definition.ts';
import type { GetSessionTokenInput, GetSessionTokenOutput } from '#wire/generated/sts.ts';
import { checkDuration, renderCredentials } from '../credentials-input.ts';
import { needsLongTermCredentials, notAvailable, notSigned } from '../errors.ts';
import { issueCredentials } from '../sessions.ts';
import type { StsState } from '../state.ts';

const DURATION = { min: 900, max: 129_600 };
const USER_SECONDS_DEFAULT = 43_200;
/** AWS: "Sessions for AWS account owners are restricted to a maximum of 3,600 seconds". */
const ROOT_SECONDS_MAX = 3600;

export const getSessionToken = operation<StsState, GetSessionTokenInput, GetSessionTokenOutput>({
  // AWS: no permissions are required.
  authorize: undefined,
  decide(turn, input) {
    const problem = checkDuration(input.DurationSeconds, DURATION);
    if (problem !== undefined) return { refused: problem };
    if (input.SerialNumber !== undefined) return { refused: notAvailable('SerialNumber', 'MFA devices are') };
    if (input.TokenCode !== undefined) return { refused: notAvailable('TokenCode', 'MFA devices are') };
    const { principal } = turn;
    if (principal.kind === 'session') return { refused: needsLongTermCredentials() };
    if (principal.kind !== 'user' && principal.kind !== 'root') return { refused: notSigned() };
    const asked = input.DurationSeconds ?? USER_SECONDS_DEFAULT;
    const seconds = principal.kind === 'root' ? Math.min(asked, ROOT_SECONDS_MAX) : asked;
    return { output: { Credentials: renderCredentials(issueCredentials(turn, principal, seconds)) } };
  },
});
