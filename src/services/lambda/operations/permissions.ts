// AddPermission, RemovePermission, GetPolicy: the resource policy of a function, a version or an alias.
// Source: Lambda API reference; the statement's form is the one AWS stores and shows.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  AddPermissionInput,
  AddPermissionOutput,
  GetPolicyInput,
  GetPolicyOutput,
  RemovePermissionInput,
} from '#wire/generated/lambda.ts';
import { functionArn, LATEST } from '../arns.ts';
import type { PolicyDoc } from '../documents.ts';
import {
  invalidParameter,
  noPolicy,
  notAvailable,
  policyRevisionMismatch,
  statementExists,
  statementNotFound,
  validationFailed,
} from '../errors.ts';
import {
  type FoundFunction,
  findFunction,
  type LambdaTurn,
  permission,
  renderPolicy,
  resolveQualifier,
} from '../find-function.ts';
import { POLICY_BYTES_MAX } from '../limits.ts';
import { type LambdaState, qualifiedKey } from '../state.ts';

type Statement = Readonly<Record<string, unknown>>;

const SID = { test: /^([a-zA-Z0-9-_]+)$/, shown: '([a-zA-Z0-9-_]+)' };
const ACTION = { test: /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/, shown: '(lambda:[*]|lambda:[a-zA-Z]+|[*])' };
const SOURCE_ARN = {
  test: /^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:([a-z]{2}(-[a-z]+)+-\d)?:(\d{12})?:(.*)$/,
  shown: 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
};
const SOURCE_ACCOUNT = { test: /^\d{12}$/, shown: '\\d{12}' };
const TOKEN = { test: /^[a-zA-Z0-9._-]+$/, shown: '[a-zA-Z0-9._\\-]+' };
const ORGANIZATION = { test: /^o-[a-z0-9]{10,32}$/, shown: 'o-[a-z0-9]{10,32}' };
const PRINCIPAL = { test: /^[^\s]+$/, shown: '[^\\s]+' };

interface Place {
  readonly found: FoundFunction;
  readonly key: string;
  readonly policy: PolicyDoc | undefined;
  /** Of the policy; before there is one, of what it would belong to. */
  readonly revisionId: string;
}

function placeOf(
  turn: LambdaTurn,
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
): Place | Refused {
  const found = findFunction(turn, input.FunctionName, input.Qualifier);
  if (isRefused(found)) return found;
  const { qualifier } = found.reference;
  if (qualifier === LATEST) return refuse(invalidParameter('We currently do not support adding policies for $LATEST.'));
  const version = resolveQualifier(turn.state, found);
  if (isRefused(version)) return version;
  const key = qualifiedKey(found.key, qualifier ?? '');
  const policy = turn.state.policies.get(key);
  const revisionId = (policy ?? version.alias ?? version.settings).revisionId;
  return { found, key, policy, revisionId };
}

export const addPermission = operation<LambdaState, AddPermissionInput, AddPermissionOutput>({
  authorize: (turn, input) => permission(turn, 'AddPermission', input),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { found, key, policy } = place;
    if (input.RevisionId !== undefined && input.RevisionId !== place.revisionId)
      return refuse(policyRevisionMismatch());
    const sid = input.StatementId as string;
    const statements = policy?.statements ?? [];
    if (statements.some((statement) => statement['Sid'] === sid)) return refuse(statementExists(sid));
    const { scope, name, qualifier } = found.reference;
    const statement = statementOf(input, functionArn(scope, name, qualifier));
    if (isRefused(statement)) return statement;
    const after = [...statements, statement];
    if (renderPolicy(after).length > POLICY_BYTES_MAX) {
      return refuse(invalidParameter(`The final policy size is bigger than the limit (${POLICY_BYTES_MAX}).`));
    }
    turn.put(turn.state.policies, key, { statements: after, revisionId: turn.uuid() });
    return { output: { Statement: JSON.stringify(statement) } };
  },
});

function problemOf(input: AddPermissionInput): AwsError | undefined {
  const problem = new Validation()
    .required('statementId', input.StatementId)
    .pattern('statementId', input.StatementId, SID)
    .length('statementId', input.StatementId, { min: 1, max: 100 })
    .required('action', input.Action)
    .pattern('action', input.Action, ACTION)
    .required('principal', input.Principal)
    .pattern('principal', input.Principal, PRINCIPAL)
    .pattern('sourceArn', input.SourceArn, SOURCE_ARN)
    .pattern('sourceAccount', input.SourceAccount, SOURCE_ACCOUNT)
    .pattern('eventSourceToken', input.EventSourceToken, TOKEN)
    .length('eventSourceToken', input.EventSourceToken, { max: 256 })
    .pattern('principalOrgID', input.PrincipalOrgID, ORGANIZATION).text;
  if (problem !== undefined) return validationFailed(problem);
  if (input.FunctionUrlAuthType !== undefined) return notAvailable('FunctionUrlAuthType');
  if (input.InvokedViaFunctionUrl !== undefined) return notAvailable('InvokedViaFunctionUrl');
  return undefined;
}

function statementOf(input: AddPermissionInput, resource: string): Statement | Refused {
  const principal = principalOf(input.Principal as string);
  if (principal === undefined) {
    return refuse(invalidParameter('The provided principal was invalid. Please check the principal and try again.'));
  }
  const equals: Record<string, string> = {};
  if (input.SourceAccount !== undefined) equals['AWS:SourceAccount'] = input.SourceAccount;
  if (input.EventSourceToken !== undefined) equals['lambda:EventSourceToken'] = input.EventSourceToken;
  if (input.PrincipalOrgID !== undefined) equals['aws:PrincipalOrgID'] = input.PrincipalOrgID;
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
  };
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principal,
    Action: input.Action,
    Resource: resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function principalOf(principal: string): string | Readonly<Record<string, string>> | undefined {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith('arn:')) return { AWS: principal };
  return principal.includes('.') ? { Service: principal } : undefined;
}

export const removePermission = operation<LambdaState, RemovePermissionInput, object>({
  authorize: (turn, input) => permission(turn, 'RemovePermission', input),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { key, policy } = place;
    const sid = input.StatementId ?? '';
    if (policy === undefined) return refuse(noPolicy());
    const left = policy.statements.filter((statement) => statement['Sid'] !== sid);
    if (left.length === policy.statements.length) return refuse(statementNotFound(sid));
    if (input.RevisionId !== undefined && input.RevisionId !== place.revisionId)
      return refuse(policyRevisionMismatch());
    if (left.length === 0) turn.drop(turn.state.policies, key);
    else turn.put(turn.state.policies, key, { statements: left, revisionId: turn.uuid() });
    return { output: {} };
  },
});

export const getPolicy = operation<LambdaState, GetPolicyInput, GetPolicyOutput>({
  authorize: (turn, input) => permission(turn, 'GetPolicy', input),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { policy } = place;
    if (policy === undefined) return refuse(noPolicy());
    return { output: { Policy: renderPolicy(policy.statements), RevisionId: policy.revisionId } };
  },
});
