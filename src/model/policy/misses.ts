// Why no statement allowed it: for each Allow statement the first element that differed, nearest first. Statements that
// differ in their action are named only when nothing comes closer, since most statements simply speak of something else.

import { type CompiledStatement, compiledPolicy } from './compiled-policy.ts';
import { matchPrincipal, renderPrincipals } from './principals.ts';
import type { AccessRequest, NamedPolicy } from './request.ts';
import type { ContextValues } from './text-pattern.ts';
import { type Miss, nameOf, type PolicyRole } from './verdict.ts';

const MISSES_MAX = 10;
/** The later the element that failed, the nearer the statement was. */
const NEARNESS = { Action: 0, Principal: 1, Resource: 2, Condition: 3 };

export function missesOf(request: AccessRequest, context: ContextValues): readonly Miss[] {
  const misses: Miss[] = [];
  const policies: [PolicyRole, readonly NamedPolicy[]][] = [
    ['resource-based policy', request.resourcePolicy === undefined ? [] : [request.resourcePolicy]],
    ['identity-based policy', request.identityPolicies],
    ['permissions boundary', request.permissionsBoundary === undefined ? [] : [request.permissionsBoundary]],
    ['session policy', request.sessionPolicies ?? []],
  ];
  for (const [role, named] of policies) {
    const kind = role !== 'resource-based policy' ? 'identity' : request.isTrustPolicy === true ? 'trust' : 'resource';
    for (const policy of named) {
      for (const statement of compiledPolicy(policy.text, kind)) {
        if (statement.effect !== 'Allow') continue;
        const difference = differenceOf(statement, request, context);
        if (difference === undefined) continue;
        misses.push({ role, policy: policy.name, statement: statement.name, effect: 'Allow', ...difference });
      }
    }
  }
  misses.sort((a, b) => NEARNESS[b.element] - NEARNESS[a.element]);
  const nearest = misses.filter((miss) => miss.element !== 'Action');
  return (nearest.length > 0 ? nearest : misses).slice(0, MISSES_MAX);
}

type Difference = Pick<Miss, 'element' | 'expected' | 'found' | 'hint' | 'condition'>;

function differenceOf(
  statement: CompiledStatement,
  request: AccessRequest,
  context: ContextValues,
): Difference | undefined {
  const { source, principals, notPrincipals } = statement;
  const { action, resource, principal } = request;
  if (!statement.matchesAction(action.toLowerCase())) {
    return difference('Action', source.actions ?? not(source.notActions), [action]);
  }
  if (principals !== undefined && matchPrincipal(principals, principal) === undefined) {
    return difference('Principal', renderPrincipals(principals), [nameOf(principal)]);
  }
  if (notPrincipals !== undefined && matchPrincipal(notPrincipals, principal) !== undefined) {
    return difference('Principal', not(renderPrincipals(notPrincipals)), [nameOf(principal)]);
  }
  if (!statement.matchesResource(resource, context)) {
    return difference('Resource', source.resources ?? not(source.notResources), [resource]);
  }
  const failed = statement.conditions.find((condition) => !condition.holds(context));
  if (failed === undefined) return undefined;
  const { operator, key, expected } = failed;
  const found = context.get(key.toLowerCase());
  return { ...difference('Condition', expected, found), condition: { operator, key } };
}

function difference(
  element: Difference['element'],
  expected: readonly string[],
  found: readonly string[] | undefined,
): Difference {
  const hint = found === undefined ? undefined : hintOf(expected, found);
  return { element, expected, found, ...(hint === undefined ? {} : { hint }) };
}

/** The slips that cost people hours: case, spaces, and an ARN that differs in one part. */
function hintOf(expected: readonly string[], found: readonly string[]): string | undefined {
  for (const wanted of expected) {
    for (const value of found) {
      if (wanted === value) continue;
      if (wanted.toLowerCase() === value.toLowerCase()) return `differs from ${wanted} only in upper and lower case`;
      if (wanted.trim() === value.trim()) return `differs from ${wanted} only in white space`;
      const part = differingArnPart(wanted, value);
      if (part !== undefined) return `differs from ${wanted} only in the ${part}`;
    }
  }
  return undefined;
}

const ARN_PARTS = ['', 'partition', 'service', 'region', 'account', 'resource'] as const;

function differingArnPart(wanted: string, value: string): string | undefined {
  const wantedParts = wanted.split(':');
  const parts = value.split(':');
  if (wantedParts[0] !== 'arn' || parts[0] !== 'arn' || wantedParts.length !== parts.length) return undefined;
  const differing = parts.flatMap((part, index) =>
    part === wantedParts[index] || wantedParts[index] === '*' ? [] : [Math.min(index, 5)],
  );
  return differing.length === 1 ? ARN_PARTS[differing[0] as number] : undefined;
}

function not(list: readonly string[] | undefined): readonly string[] {
  return (list ?? []).map((item) => `anything but ${item}`);
}
