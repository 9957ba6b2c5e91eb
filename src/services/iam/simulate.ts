// The policy simulator, with the evaluator that decides real calls. What it needs and is not given (condition keys) it
// names. Organizations' policies are not known here and refused.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { compiledPolicy } from '#model/policy/compiled-policy.ts';
import { evaluate } from '#model/policy/evaluate.ts';
import { type AccessRequest, contextOf, type NamedPolicy } from '#model/policy/request.ts';
import type { Verdict } from '#model/policy/verdict.ts';
import type { PolicyKind } from '#model/policy-document.ts';
import type {
  ContextEntry,
  EvaluationResult,
  SimulateCustomPolicyInput,
  SimulatePolicyResponse,
} from '#wire/generated/iam.ts';
import { documentProblem } from './documents.ts';
import { invalidInput } from './errors.ts';
import { pageOf } from './pages.ts';
import { byArn, type IamState, type IamTurn } from './state.ts';
import { Validation } from './validation.ts';

/** Who is simulated; `givenKeys` is `only` where nobody is named. */
export type Simulated = Pick<AccessRequest, 'identityPolicies' | 'permissionsBoundary' | 'givenKeys'> & {
  readonly principal: {
    readonly kind: 'user';
    readonly account: string;
    readonly arn: string;
    readonly userId: string;
  };
};

/** AWS: ContextEntry, ContextKeyType. The type only says how a value is written; what a value means is the condition's to say. */
const CONTEXT_KEY_TYPES = ['string', 'numeric', 'boolean', 'ip', 'binary', 'date'].flatMap((type) => [
  type,
  `${type}List`,
]);

/** AWS: "You can specify only the ARN of an IAM user"; with a resource's policy there must be one. Texts are ours. */
export function callerProblem(
  input: Pick<SimulateCustomPolicyInput, 'CallerArn' | 'ResourcePolicy'>,
  sourceArn = '',
): AwsError | undefined {
  const { CallerArn: callerArn = sourceArn, ResourcePolicy: resourcePolicy } = input;
  const isUser = /^arn:[^:]*:iam::[0-9]{12}:user\/.+$/.test(callerArn);
  if (input.CallerArn !== undefined && !isUser) return invalidInput(`CallerArn ${callerArn} is not the ARN of a user.`);
  if (resourcePolicy === undefined || isUser) return undefined;
  return invalidInput('CallerArn is required with ResourcePolicy: the ARN of a user.');
}

type Input = Omit<SimulateCustomPolicyInput, 'PolicyInputList'>;

export function simulate(
  turn: IamTurn,
  input: Input,
  simulated: Simulated,
): { readonly output: SimulatePolicyResponse } | Refused {
  const problem = inputProblem(input);
  if (problem !== undefined) return refuse(problem);
  const context = entriesOf(input.ContextEntries ?? []);
  const resources = input.ResourceArns === undefined || input.ResourceArns.length === 0 ? ['*'] : input.ResourceArns;
  const questions = (input.ActionNames ?? []).flatMap((action) => resources.map((resource) => ({ action, resource })));
  const items = questions.map((question, index) => ({ ...question, key: String(index).padStart(8, '0') }));
  const page = pageOf(turn, input, { items, keyOf: (item) => item.key, list: 'SimulatePolicy' });
  if ('refused' in page) return page;
  const EvaluationResults = page.items.map(({ action, resource }) => {
    const request = requestOf(input, simulated, { action, resource, context });
    return resultOf(request, evaluate(request));
  });
  return { output: { EvaluationResults, ...page.page } };
}

export function userOfArn(state: IamState, arn: string): Simulated['principal'] {
  const account = /^arn:[^:]*:iam::([0-9]{12}):/.exec(arn)?.[1] ?? '';
  return { kind: 'user', account, arn, userId: byArn(state.users, arn)?.id ?? 'AIDASIMULATED00000000' };
}

/** Documents given for the simulation, by the names AWS gives them. */
export function givenPolicies(documents: readonly string[] | undefined): readonly NamedPolicy[] {
  return (documents ?? []).map((text, index) => ({ name: `PolicyInputList.${index + 1}`, text }));
}

export function documentsProblem(documents: readonly string[] | undefined, kind: PolicyKind): AwsError | undefined {
  for (const text of documents ?? []) {
    const problem = documentProblem(text, kind);
    if (problem !== undefined) return invalidInput(problem.message);
  }
  return undefined;
}

function inputProblem(input: Input): AwsError | undefined {
  const {
    ActionNames: actions,
    ResourcePolicy: resourcePolicy,
    PermissionsBoundaryPolicyInputList: boundaries,
  } = input;
  const validation = new Validation();
  for (const [index, { ContextKeyType: type }] of (input.ContextEntries ?? []).entries()) {
    validation.oneOf(`contextEntries.${index + 1}.member.contextKeyType`, type, CONTEXT_KEY_TYPES);
  }
  if (actions === undefined) validation.add('actionNames', 'Member must not be null');
  for (const action of actions ?? []) validation.text('actionNames', action, { min: 3, max: 128 });
  if (validation.error !== undefined) return validation.error;
  if (input.ResourceHandlingOption !== undefined) {
    return invalidInput('ResourceHandlingOption is about EC2 instances, which are not available here.');
  }
  if ((input.OrderedOrganizationPolicyInputList?.length ?? 0) > 0) {
    return invalidInput('OrderedOrganizationPolicyInputList: policies of AWS Organizations are not evaluated here.');
  }
  if ((boundaries?.length ?? 0) > 1) return invalidInput('PermissionsBoundaryPolicyInputList takes one policy.');
  if (input.ResourceOwner !== undefined && accountOf(input.ResourceOwner) === undefined) {
    return invalidInput(`ResourceOwner ${input.ResourceOwner} is not the ARN of an account.`);
  }
  const resourceProblem = resourcePolicy === undefined ? undefined : documentsProblem([resourcePolicy], 'resource');
  return resourceProblem ?? documentsProblem(boundaries, 'identity');
}

function requestOf(
  input: Input,
  simulated: Simulated,
  question: Pick<AccessRequest, 'action' | 'resource' | 'context'>,
): AccessRequest {
  const { action, resource, context } = question;
  const [boundary] = givenPolicies(input.PermissionsBoundaryPolicyInputList);
  // AWS: ResourceOwner is asked for resources whose ARN does not say whose they are; without it they are the caller's.
  const owner = /^arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):/.exec(resource)?.[1];
  return {
    givenKeys: 'first',
    ...simulated,
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    action,
    resource,
    context,
    resourceAccount: owner ?? accountOf(input.ResourceOwner) ?? simulated.principal.account,
    resourcePolicy:
      input.ResourcePolicy === undefined ? undefined : { name: 'ResourcePolicy', text: input.ResourcePolicy },
  };
}

/** AWS: the ARN of an account; SimulatePrincipalPolicy is documented to take its id. */
function accountOf(resourceOwner: string | undefined): string | undefined {
  return /^(?:arn:[^:]*:iam::)?([0-9]{12})(?::root)?$/.exec(resourceOwner ?? '')?.[1];
}

function resultOf(request: AccessRequest, verdict: Verdict): EvaluationResult {
  const decision = { allow: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const;
  return {
    EvalActionName: request.action,
    EvalResourceName: request.resource,
    EvalDecision: decision[verdict.decision],
    MatchedStatements: verdict.decidedBy.map(({ policy, role }) => ({
      SourcePolicyId: policy,
      SourcePolicyType: role === 'resource-based policy' ? 'Resource Policy' : 'IAM Policy',
    })),
    MissingContextValues: missingKeys(request),
  };
}

/** `${aws:username}`, with or without a default. */
const VARIABLE = /\$\{\s*([A-Za-z0-9-]+:[^,}\s]+)\s*(?:,[^}]*)?\}/g;

/** Keys that conditions and variables of the policies ask for and the simulation was not given. */
function missingKeys(request: AccessRequest): string[] {
  const { identityPolicies, permissionsBoundary, resourcePolicy } = request;
  const context = contextOf(request);
  const missing = new Set<string>();
  const need = (key: string): void => {
    if (context.get(key.toLowerCase()) === undefined) missing.add(key);
  };
  const look = (policy: NamedPolicy | undefined, kind: PolicyKind): void => {
    if (policy === undefined) return;
    for (const statement of compiledPolicy(policy.text, kind)) {
      for (const { key } of statement.conditions) need(key);
    }
    for (const [, key = ''] of policy.text.matchAll(VARIABLE)) need(key);
  };
  for (const policy of identityPolicies) look(policy, 'identity');
  look(permissionsBoundary, 'identity');
  look(resourcePolicy, 'resource');
  return [...missing].sort();
}

function entriesOf(entries: readonly ContextEntry[]): AccessRequest['context'] {
  return Object.fromEntries(
    entries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName ?? '', ContextKeyValues ?? []]),
  );
}
