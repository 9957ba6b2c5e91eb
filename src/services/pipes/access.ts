// What IAM is asked of a call. AWS: Service Authorization Reference, "Amazon EventBridge Pipes"; a role that is handed to a pipe needs iam:PassRole.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { passRole } from '#cell/service-role.ts';
import { parsePipeArn, pipeArn, pipeKey } from './arns.ts';
import { PIPES_SERVICE } from './role.ts';
import type { PipesTurn } from './state.ts';

type Tags = Readonly<Record<string, string>>;

interface Named {
  readonly Name?: string | undefined;
}

export function onPipe(action: string) {
  return (turn: PipesTurn, { Name = '' }: Named): AuthorizationRequest => pipeRequest(turn, { action, name: Name });
}

/** CreatePipe and UpdatePipe. */
export function onWrittenPipe(action: string) {
  return (
    turn: PipesTurn,
    input: Named & { readonly RoleArn?: string | undefined; readonly Tags?: Tags | undefined },
  ): readonly AuthorizationRequest[] => {
    const asked = pipeRequest(turn, { action, name: input.Name ?? '', tags: input.Tags });
    const { RoleArn: roleArn } = input;
    if (roleArn === undefined) return [asked];
    return [asked, passRole(turn, roleArn, { service: PIPES_SERVICE, ofArn: asked.resource })];
  };
}

/** Tagging: the pipe is named by its ARN. */
export function onTaggedPipe(action: string) {
  return (
    turn: PipesTurn,
    input: {
      readonly resourceArn?: string | undefined;
      readonly tags?: Tags | undefined;
      readonly tagKeys?: readonly string[] | undefined;
    },
  ): AuthorizationRequest => {
    const name = parsePipeArn(input.resourceArn ?? '')?.name ?? '';
    return pipeRequest(turn, { action, name, tags: input.tags, tagKeys: input.tagKeys });
  };
}

export function onEverything(action: string) {
  return (turn: PipesTurn): AuthorizationRequest => ({
    action: `pipes:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}

function pipeRequest(
  turn: PipesTurn,
  asked: {
    readonly action: string;
    readonly name: string;
    readonly tags?: Tags | undefined;
    readonly tagKeys?: readonly string[] | undefined;
  },
): AuthorizationRequest {
  const { action, name, tags = {}, tagKeys = Object.keys(tags) } = asked;
  const context: Record<string, string | readonly string[]> = {};
  const kept = turn.state.pipes.get(pipeKey(turn.scope, name))?.tags ?? {};
  for (const [key, value] of Object.entries(kept)) context[`aws:ResourceTag/${key}`] = value;
  for (const [key, value] of Object.entries(tags)) context[`aws:RequestTag/${key}`] = value;
  if (tagKeys.length > 0) context['aws:TagKeys'] = tagKeys;
  const { account } = turn.scope;
  return { action: `pipes:${action}`, resource: pipeArn(turn.scope, name), resourceAccount: account, context };
}
