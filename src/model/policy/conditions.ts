// Conditions of a statement: operator, key, values. All operators must hold, all keys of an operator must hold, one of
// a key's values is enough (for a negated operator: none may match). A key that the request does not have fails a
// positive operator and satisfies a negated one; …IfExists then always holds. AWS: IAM user guide, "Condition operators"
// and "Multivalued context keys". What each operator compares is in condition-operators.ts.

import { type Comparison, OPERATORS } from './condition-operators.ts';
import type { ContextValues } from './text-pattern.ts';

export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface Condition {
  /** As written: `ForAnyValue:StringLike`. */
  readonly operator: string;
  /** As written: `aws:SourceArn`. */
  readonly key: string;
  readonly expected: readonly string[];
  holds(context: ContextValues): boolean;
}

type CompiledConditions = { readonly conditions: readonly Condition[] } | { readonly invalid: string };

type Quantifier = 'one' | 'all' | 'any';

interface Operator {
  readonly quantifier: Quantifier;
  readonly isIfExists: boolean;
  readonly isNegated: boolean;
  /** Undefined for Null, which asks for the key and not for its value. */
  readonly comparison: Comparison | undefined;
}

export function compileConditions(block: ConditionBlock, hasVariables: boolean): CompiledConditions {
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(block)) {
    const operator = parseOperator(name);
    if (operator === undefined) return { invalid: `unknown condition operator "${name}"` };
    for (const [key, expected] of Object.entries(keys)) {
      const holds = compileCondition(operator, { key: key.toLowerCase(), expected, hasVariables });
      if (holds === undefined) return { invalid: `${name} of "${key}" cannot take ${JSON.stringify(expected)}` };
      conditions.push({ operator: name, key, expected, holds });
    }
  }
  return { conditions };
}

function parseOperator(name: string): Operator | undefined {
  const [, quantifierText, base, ifExists] = /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/.exec(name) ?? [];
  if (base === undefined) return undefined;
  const quantifier = quantifierText === 'ForAllValues:' ? 'all' : quantifierText === 'ForAnyValue:' ? 'any' : 'one';
  const isIfExists = ifExists !== undefined;
  if (base === 'Null') {
    return isIfExists || quantifier !== 'one'
      ? undefined
      : { quantifier, isIfExists, isNegated: false, comparison: undefined };
  }
  const operator = OPERATORS.get(base);
  return operator === undefined ? undefined : { quantifier, isIfExists, ...operator };
}

interface KeyCondition {
  readonly key: string;
  readonly expected: readonly string[];
  readonly hasVariables: boolean;
}

function compileCondition(operator: Operator, condition: KeyCondition): Condition['holds'] | undefined {
  const { key, expected, hasVariables } = condition;
  const { comparison, isNegated, isIfExists, quantifier } = operator;
  if (comparison === undefined) return compileNull(key, expected);
  const tests: ((found: string, context: ContextValues) => boolean)[] = [];
  for (const value of expected) {
    const test = comparison(value, hasVariables);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  const satisfies = (found: string, context: ContextValues): boolean =>
    tests.some((test) => test(found, context)) !== isNegated;
  return (context) => {
    const found = context.get(key);
    if (found === undefined || found.length === 0) {
      if (isIfExists || quantifier === 'all') return true;
      return quantifier === 'any' ? false : isNegated;
    }
    // Several values without a quantifier: one match is enough, and for a negated operator none may match.
    if (quantifier === 'all' || (quantifier === 'one' && isNegated)) {
      return found.every((value) => satisfies(value, context));
    }
    return found.some((value) => satisfies(value, context));
  };
}

function compileNull(key: string, expected: readonly string[]): Condition['holds'] | undefined {
  const wanted: readonly string[] = expected.map((value) => value.toLowerCase());
  if (!wanted.every((value) => value === 'true' || value === 'false')) return undefined;
  return (context) => {
    const isAbsent = (context.get(key)?.length ?? 0) === 0;
    return wanted.includes(isAbsent ? 'true' : 'false');
  };
}
