// Whether the function's role may send to a dead-letter queue or destination: asked when one is set, or the role is changed.
// A queue's or topic's own policy does not help: it is the role that AWS looks at (as its support says in
// gmetzker/serverless-plugin-lambda-dead-letter 40). What lies in other accounts is seen when something is sent.

import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { FunctionDoc, FunctionSettings } from './documents.ts';
import { noDeadLetterPermission, noDestinationPermission } from './errors.ts';
import type { LambdaTurn } from './find-function.ts';
import { sessionOf } from './roles.ts';

/** By the service of what is sent to. Buckets are asked with the object's name when something is written. */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['sqs', 'SendMessage'],
  ['sns', 'Publish'],
  ['lambda', 'InvokeFunction'],
  ['events', 'PutEvents'],
]);

/** `settings` are those that `doc` is about to have. */
export function deadLetterDenial(turn: LambdaTurn, doc: FunctionDoc, settings: FunctionSettings): AwsError | undefined {
  const { deadLetterArn } = settings;
  if (deadLetterArn === undefined) return undefined;
  const action = deniedAction(turn, { doc, settings, arn: deadLetterArn });
  const service = parseArn(deadLetterArn)?.service.toUpperCase() ?? '';
  return action === undefined ? undefined : noDeadLetterPermission(action, service);
}

export function destinationDenial(
  turn: LambdaTurn,
  { doc, settings }: { readonly doc: FunctionDoc; readonly settings: FunctionSettings },
  arn: string | undefined,
): AwsError | undefined {
  if (arn === undefined || arn === '') return undefined;
  const action = deniedAction(turn, { doc, settings, arn });
  return action === undefined ? undefined : noDestinationPermission(action, arn);
}

function deniedAction(
  turn: LambdaTurn,
  { doc, settings, arn }: { readonly doc: FunctionDoc; readonly settings: FunctionSettings; readonly arn: string },
): string | undefined {
  const parsed = parseArn(arn);
  const action = ACTIONS.get(parsed?.service ?? '');
  if (parsed === undefined || action === undefined || parsed.account !== turn.scope.account) return undefined;
  const own = turn.within(scopeOf(parsed.account, parsed.region), sessionOf(turn, doc, settings));
  const asked = { action: `${parsed.service}:${action}`, resource: arn, resourceAccount: parsed.account };
  return own.authorize(asked).isAllowed ? undefined : action;
}
