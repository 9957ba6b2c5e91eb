// table: the room's parts, for the kernel.

import { bind, defineService } from '#cell/service-definition.ts';
import { credentials } from './door.ts';
import { accessDenied } from './errors.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getAccessKeyInfo } from './operations/get-access-key-info.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';
import { EXPIRY_TIMER, StsState } from './state.ts';

export const sts = defineService<StsState>({
  name: 'sts',
  createState: () => new StsState(),
  tables: ({ sessions }) => [
    bind(sessions, (key, _before, after, { timers }) => {
      if (after === undefined) timers.clear(EXPIRY_TIMER, key);
      else timers.set(EXPIRY_TIMER, key, after.expiresAtMs);
    }),
  ],
  facts: [],
  operations: {
    AssumeRole: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
  timers: {
    [EXPIRY_TIMER]: (turn, key) => turn.drop(turn.state.sessions, key),
  },
  doors: () => ({ credentials }),
  accessDenied,
});
