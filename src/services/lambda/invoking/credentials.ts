// Credentials that a function's process gets: a session of its role, kept while it lasts, so that environments stay warm.

import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { Credentials } from '../invocation.ts';
import type { LambdaState } from '../state.ts';

/** Renewed this long before its end: longer than any invocation lasts. */
const RENEW_BEFORE_MS = 20 * 60_000;

export function credentialsOf(turn: Turn<LambdaState>, roleArn: string, functionName: string): Credentials {
  const { credentials: cache } = turn.state.running;
  const key = `${roleArn}/${functionName}`;
  const cached = cache.get(key);
  if (cached !== undefined && cached.expiresAtMs - RENEW_BEFORE_MS > turn.nowMs) return cached.credentials;
  const request = { roleArn, sessionName: functionName, service: 'lambda.amazonaws.com' };
  const session = turn.doors.credentials?.forRole(turn, request);
  if (session === undefined) return accountCredentials(parseArn(roleArn)?.account ?? turn.scope.account);
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  cache.set(key, { credentials, expiresAtMs });
  return credentials;
}

/** A role that does not exist, where that is tolerated: twelve digits as the key name the account. */
function accountCredentials(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'no-such-role', sessionToken: '' };
}
