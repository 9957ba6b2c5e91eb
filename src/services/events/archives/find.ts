// Archives and replays by name, and the permissions that operations on them need.
// AWS: Service Authorization Reference, EventBridge: resource types `archive/${ArchiveName}` and `replay/${ReplayName}`.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn, parseArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { type Scope, scopePrefix } from '#model/scope.ts';
import type { EventsTurn } from '../state.ts';
import type { ArchiveDoc, ReplayDoc } from './documents.ts';
import { archiveDoesNotExist, replayDoesNotExist } from './errors.ts';
import type { ArchiveContent, ReplayRun } from './state.ts';

const ARCHIVE = 'archive/';

export function nameKey(scope: Scope, name: string): string {
  return `${scopePrefix(scope)}${name}`;
}

export const archiveArn = (scope: Scope, name: string): string => formatArn('events', scope, `${ARCHIVE}${name}`);
export const replayArn = (scope: Scope, name: string): string => formatArn('events', scope, `replay/${name}`);

/** The name in an archive's ARN. */
export function archiveNameOf(arn: string): string | undefined {
  const parsed = parseArn(arn);
  return parsed?.service === 'events' && parsed.resource.startsWith(ARCHIVE)
    ? parsed.resource.slice(ARCHIVE.length)
    : undefined;
}

export function findArchive(turn: EventsTurn, name: string): ArchiveContent | Refused {
  const doc: ArchiveDoc | undefined = turn.state.archives.archives.get(nameKey(turn.scope, name));
  const content = doc === undefined ? undefined : turn.state.archives.contents.get(doc.number);
  return content ?? refuse(archiveDoesNotExist(name));
}

export function findReplay(turn: EventsTurn, name: string): ReplayRun | Refused {
  const doc: ReplayDoc | undefined = turn.state.archives.replays.get(nameKey(turn.scope, name));
  const run = doc === undefined ? undefined : turn.state.archives.runs.get(doc.number);
  return run ?? refuse(replayDoesNotExist(name));
}

export function permission(turn: EventsTurn, action: string, resource: string): AuthorizationRequest {
  return { action: `events:${action}`, resource, resourceAccount: turn.scope.account };
}

export function archivePermission(action: string) {
  return (turn: EventsTurn, input: { readonly ArchiveName?: string | undefined }): AuthorizationRequest =>
    permission(turn, action, archiveArn(turn.scope, input.ArchiveName ?? ''));
}

export function replayPermission(action: string) {
  return (turn: EventsTurn, input: { readonly ReplayName?: string | undefined }): AuthorizationRequest =>
    permission(turn, action, replayArn(turn.scope, input.ReplayName ?? ''));
}
