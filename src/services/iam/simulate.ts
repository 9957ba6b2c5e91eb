// The policy simulator, with the evaluator that decides real calls. What it needs and is not given (condition keys) it
// names. Organizations' policies are not known here and refused.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { compiledPolicy } from '#model/policy/compiled-policy.ts';
import { evaluate } from '#model/policy/evaluate.ts';
import type { AccessRequest, NamedPolicy } from '#model/policy/request.ts';
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
import type { IamTurn } from './state.ts';
import { Validation } from './validation.ts';

/** Who is simulated. */
export type Simulated = Pick<AccessRequest, 'principal' | 'identityPolicies' | 'permissionsBoundary'>;

type Input = Omit<SimulateCustomPolicyInput, 'PolicyInputList'>;

export function simulate(
  turn: IamTurn,
  input: Input,
  simulated: Simulated,
): { readonly output: SimulatePolicyResponse } | Refused {
  const problem = inputProblem(input);
  if (problem !== undefined) return refuse(problem);
  const context = contextOf(input.ContextEntries ?? []);
  const resources = input.ResourceArns === undefined || input.ResourceArns.length === 0 ? ['*'] : input.ResourceArns;
  const questions = (input.ActionNames ?? []).flatMap((action) => resources.map((resource) => ({ action, resource })));
  const items = questions.map((question, index) => ({ ...question, key: String(index).padStart(8, '0') }));
  const page = pageOf(turn, input, { items, keyOf: (item) => item.key, list: 'SimulatePolicy' });
  if ('refused' in page) return page;
  const EvaluationResults = page.items.map(({ action, resource }) => {
    const request = requestOf(input, simulated, { action, resource, context, account: turn.scope.account });
    return resultOf(request, evaluate(request));
  });
  return { output: { EvaluationResults, ...page.page } };
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
  const resourceProblem = resourcePolicy === undefined ? undefined : documentsProblem([resourcePolicy], 'resource');
  return resourceProblem ?? documentsProblem(boundaries, 'identity');
}

function requestOf(
  input: Input,
  simulated: Simulated,
  question: { action: string; resource: string; context: AccessRequest['context']; account: string },
): AccessRequest {
  const { action, resource, context, account } = question;
  const [boundary] = givenPolicies(input.PermissionsBoundaryPolicyInputList);
  const owner = /^arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):/.exec(resource)?.[1] ?? account;
  return {
    ...simulated,
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    action,
    resource,
    context,
    resourceAccount: /:([0-9]{12}):/.exec(input.ResourceOwner ?? '')?.[1] ?? owner,
    resourcePolicy:
      input.ResourcePolicy === undefined ? undefined : { name: 'ResourcePolicy', text: input.ResourcePolicy },
  };
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

/** Keys that conditions of the policies ask for and the simulation was not given. */
function missingKeys({ context, identityPolicies, permissionsBoundary, resourcePolicy }: AccessRequest): string[] {
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const missing = new Set<string>();
  const look = (policy: NamedPolicy | undefined, kind: PolicyKind): void => {
    if (policy === undefined) return;
    for (const statement of compiledPolicy(policy.text, kind)) {
      for (const { key } of statement.conditions) if (!given.has(key.toLowerCase())) missing.add(key);
    }
  };
  for (const policy of identityPolicies) look(policy, 'identity');
  look(permissionsBoundary, 'identity');
  look(resourcePolicy, 'resource');
  return [...missing].sort();
}

function contextOf(entries: readonly ContextEntry[]): AccessRequest['context'] {
  return Object.fromEntries(
    entries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName ?? '', ContextKeyValues ?? []]),
  );
}
