// AddPermission and RemovePermission: statements of the queue's policy, made from account numbers and actions.
// AWS: AddPermission; the document's form and the texts are recorded by LocalStack's validated tests (test_sqs_permission_lifecycle).

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { partitionOf } from '#model/scope.ts';
import { invalidValue, missingParameter, overLimit } from './errors.ts';
import { limits } from './limits.ts';
import type { Queue } from './queue.ts';

interface Statement {
  readonly Sid?: string;
}

interface PolicyJson {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement?: Statement | readonly Statement[];
}

export interface Permission {
  readonly label: string;
  readonly accounts: readonly string[];
  readonly actions: readonly string[];
}

const LABEL = /^[A-Za-z0-9_-]{1,80}$/;
/** AWS, AddPermission: "the name of any action or *"; batches go with their single action and have no name of their own. */
const SHAREABLE = new Set([
  '*',
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
]);
/** AWS: "Cross-account permissions don't apply to the following actions". */
const OWNERS_ONLY = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueues',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);

export function parsePermission(given: {
  readonly Label?: string | undefined;
  readonly AWSAccountIds?: readonly string[] | undefined;
  readonly Actions?: readonly string[] | undefined;
}): Permission | Refused {
  const { Label: label, AWSAccountIds: accounts = [], Actions: actions = [] } = given;
  if (label === undefined) return refuse(missingParameter('Label'));
  if (!LABEL.test(label)) {
    const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.';
    return refuse(invalidValue('Label', label, reason));
  }
  if (accounts.length === 0) return refuse(missingParameter('PrincipalId'));
  if (actions.length === 0) return refuse(missingParameter('Actions'));
  if (actions.length > limits.permissionActionsMax) {
    const text = `${actions.length} Actions were found, maximum allowed is ${limits.permissionActionsMax}.`;
    return refuse(overLimit(text));
  }
  const wrongAccount = accounts.find((account) => !/^\d{12}$/.test(account));
  if (wrongAccount !== undefined) {
    return refuse(invalidValue('PrincipalId', `[${accounts.join(', ')}]`, 'Unable to verify.'));
  }
  const problem = actions.map(actionProblem).find((found) => found !== undefined);
  return problem === undefined ? { label, accounts, actions } : refuse(problem);
}

function actionProblem(action: string): AwsError | undefined {
  if (SHAREABLE.has(action)) return undefined;
  const reason = OWNERS_ONLY.has(action)
    ? 'Only the queue owner is allowed to invoke this action.'
    : 'Please refer to the appropriate WSDL for a list of valid actions. ';
  return invalidValue('ActionName', `SQS:${action}`, reason);
}

/** The policy with one statement more. */
export function withPermission(queue: Queue, permission: Permission): string | Refused {
  const policy = policyOf(queue);
  const statements = statementsOf(policy);
  const { label, accounts, actions } = permission;
  if (statements.some(({ Sid }) => Sid === label)) return refuse(invalidValue('Label', label, 'Already exists.'));
  const principals = accounts.map((account) => `arn:${partitionOf(queue.region)}:iam::${account}:root`);
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(principals) },
    Action: oneOrMany(actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  };
  return JSON.stringify({ ...policy, Statement: [...statements, statement] });
}

/** The policy without the statement; undefined when nothing is left of it. */
export function withoutPermission(queue: Queue, label: string): { readonly policy: string | undefined } | Refused {
  const policy = policyOf(queue);
  const statements = statementsOf(policy);
  const rest = statements.filter(({ Sid }) => Sid !== label);
  if (rest.length === statements.length) return refuse(invalidValue('Label', label, "can't find label."));
  return { policy: rest.length === 0 ? undefined : JSON.stringify({ ...policy, Statement: rest }) };
}

function policyOf(queue: Queue): PolicyJson {
  if (queue.policy === undefined) return { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] };
  return JSON.parse(queue.policy) as PolicyJson;
}

function statementsOf({ Statement: statements = [] }: PolicyJson): readonly Statement[] {
  return Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
