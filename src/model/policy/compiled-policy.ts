// A policy document made ready for decisions, kept by its text: the same text always means the same, so nothing has to
// be invalidated when a policy changes.

import { assert, assertDefined } from '#base/assert.ts';
import { type Wildcard, wildcardOf, wildcardTokens } from '#base/wildcard.ts';
import {
  type PolicyDocument,
  type PolicyKind,
  type PolicyStatement,
  parsePolicyDocument,
} from '#model/policy-document.ts';
import { type Condition, compileConditions } from './conditions.ts';
import type { Principals } from './principals.ts';
import { type ContextValues, compileText } from './text-pattern.ts';

export interface CompiledStatement {
  /** Its Sid, or its place as `Statement[0]`. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly source: PolicyStatement;
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly conditions: readonly Condition[];
  /** The action in lower case: actions have no case. */
  matchesAction(actionLowerCase: string): boolean;
  matchesResource(resource: string, context: ContextValues): boolean;
}

export type CompiledPolicy = readonly CompiledStatement[];

/** Distinct texts kept at once; beyond it all are let go, which costs one compilation each and bounds the memory. */
const CACHE_COUNT_MAX = 2048;
const cache = new Map<string, CompiledPolicy>();

/** Takes a text that was accepted by {@link parsePolicyDocument} when it was put. */
export function compiledPolicy(text: string, kind: PolicyKind): CompiledPolicy {
  const key = `${kind} ${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parsed = parsePolicyDocument(text, kind);
  // A text that could not have been put says nothing: it allows nothing, and nothing a client stored ends the process.
  const compiled = 'document' in parsed ? compilePolicy(parsed.document) : [];
  if (cache.size >= CACHE_COUNT_MAX) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const hasVariables = document.version === '2012-10-17';
  return document.statements.map((source, index) => {
    const conditions = compileConditions(source.conditions, hasVariables);
    assert('conditions' in conditions, 'conditions were checked when the policy was parsed');
    return {
      name: source.sid === undefined || source.sid === '' ? `Statement[${index}]` : source.sid,
      effect: source.effect,
      source,
      principals: source.principals,
      notPrincipals: source.notPrincipals,
      conditions: conditions.conditions,
      matchesAction: actionMatcher(source),
      matchesResource: resourceMatcher(source, hasVariables),
    };
  });
}

function actionMatcher({ actions, notActions }: PolicyStatement): CompiledStatement['matchesAction'] {
  const wildcards: Wildcard[] = (actions ?? notActions ?? []).map((action) =>
    wildcardOf(wildcardTokens(action.toLowerCase())),
  );
  const isNegated = actions === undefined;
  return (action) => wildcards.some((wildcard) => wildcard.matches(action)) !== isNegated;
}

function resourceMatcher(
  { resources, notResources }: PolicyStatement,
  hasVariables: boolean,
): CompiledStatement['matchesResource'] {
  // A role's trust policy has no resource: it speaks of the role itself.
  if (resources === undefined && notResources === undefined) return () => true;
  const patterns = (resources ?? notResources ?? []).map((resource) =>
    assertDefined(compileText(resource, { hasWildcards: true, hasVariables }), 'a readable resource'),
  );
  const isNegated = resources === undefined;
  return (resource, context) => patterns.some((pattern) => pattern.matches(resource, context)) !== isNegated;
}
