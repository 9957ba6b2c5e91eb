// Finding what a request names, and the permission that it needs.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import type { Turn } from '#cell/turn.ts';
import { formatArn, parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { groupAndIdentifier, groupDoesNotExist, validationFailed } from './errors.ts';
import { GROUP_NAME, NAME_LENGTH_MAX, STREAM_NAME } from './limits.ts';
import { groupKey, type LogGroupDoc, type LogsState } from './state.ts';

export type LogsTurn = Turn<LogsState>;

export interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** `arn:…:log-group:name` or `…:name:*` → name. */
export function groupNameOfArn(text: string): string | undefined {
  const resource = parseArn(text)?.resource;
  if (resource === undefined || !resource.startsWith('log-group:')) return undefined;
  const name = resource.slice('log-group:'.length);
  return name.endsWith(':*') ? name.slice(0, -2) : name;
}

export function groupNameOf(reference: GroupReference): string | undefined {
  const { logGroupName, logGroupIdentifier } = reference;
  if (logGroupName !== undefined) return logGroupName;
  if (logGroupIdentifier === undefined) return undefined;
  return groupNameOfArn(logGroupIdentifier) ?? logGroupIdentifier;
}

export function groupOf(turn: LogsTurn, reference: GroupReference): LogGroupDoc | Refused {
  if (reference.logGroupName !== undefined && reference.logGroupIdentifier !== undefined) {
    return refuse(groupAndIdentifier());
  }
  const name = groupNameOf(reference);
  const problem = new Validation()
    .required('logGroupName', name)
    .length('logGroupName', name, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('logGroupName', name, GROUP_NAME).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  return turn.state.groups.get(groupKey(turn.scope, name as string)) ?? refuse(groupDoesNotExist());
}

export function streamNameProblem(name: string | undefined): AwsError | undefined {
  const problem = new Validation()
    .required('logStreamName', name)
    .length('logStreamName', name, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('logStreamName', name, STREAM_NAME).text;
  return problem === undefined ? undefined : validationFailed(problem);
}

/** AWS, service authorization reference: log groups are named `…:log-group:name:*` where streams are meant as well. */
export function permission(
  turn: LogsTurn,
  action: string,
  reference: GroupReference & { readonly logStreamName?: string | undefined },
): AuthorizationRequest {
  const name = groupNameOf(reference) ?? '*';
  const stream = reference.logStreamName;
  const resource = stream === undefined ? `log-group:${name}:*` : `log-group:${name}:log-stream:${stream}`;
  return {
    action: `logs:${action}`,
    resource: formatArn('logs', turn.scope, resource),
    resourceAccount: turn.scope.account,
  };
}

/** For operations on what is not a log group: the account as a whole. */
export function onAccount(action: string) {
  return (turn: LogsTurn): AuthorizationRequest => ({
    action: `logs:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}
