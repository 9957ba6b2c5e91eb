// Filter policies of SNS subscriptions: which notifications a subscriber wants, by message attributes or by the body.
// The language is that of event patterns with fewer operators; what differs is here: limits, AWS's texts, and how
// attributes become values. AWS: SNS developer guide, "Amazon SNS subscription filter policies" and "… constraints".

import {
  type CompiledPattern,
  compileEventPattern,
  type Dialect,
  type EventPattern,
} from '#structures/event-pattern/event-pattern.ts';
import type { PatternExplanation } from '#structures/event-pattern/explain.ts';
import { attributesAsEvent, type FilterableAttribute } from './attributes.ts';

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** A published message as a filter sees it. */
export interface Filterable {
  /** The text that this subscription's protocol gets. */
  readonly body: string;
  readonly attributes: readonly FilterableAttribute[];
}

export interface FilterPolicy {
  readonly scope: FilterPolicyScope;
  matches(message: Filterable): boolean;
  explain(message: Filterable): PatternExplanation;
}

/**
 * `policy` is undefined for `{}` and empty text, with which clients take a policy away. The problem's text follows
 * "Invalid parameter: " (SetSubscriptionAttributes) or "Invalid parameter: Attributes Reason: " (Subscribe).
 */
export type CompiledFilterPolicy = { readonly policy: FilterPolicy | undefined } | { readonly problem: string };

/** AWS: SNS developer guide, "Filter policy constraints". */
const KEY_COUNT_MAX = 5;
const COMBINATION_COUNT_MAX = 150;
const POLICY_CHARACTERS_MAX = 256 * 1024;

/** SNS has no `wildcard`, and `anything-but` takes values and prefixes only. */
const SNS_DIALECT: Dialect = {
  operators: new Set(['prefix', 'suffix', 'equals-ignore-case', 'cidr', 'exists', 'numeric', 'anything-but']),
  anythingBut: new Set(['prefix']),
  hasNestedForms: false,
  // AWS: SNS developer guide, "Key matching": "The key must have a non-null and non-empty value."
  existsNeedsContent: true,
};

export function compileFilterPolicy(text: string, scope: FilterPolicyScope): CompiledFilterPolicy {
  if (text.trim() === '') return { policy: undefined };
  if (text.length > POLICY_CHARACTERS_MAX) return { problem: 'FilterPolicy: Filter policy is too large' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: jsonProblem(compileEventPattern(text, SNS_DIALECT)) };
  }
  if (isEmptyObject(json)) return { policy: undefined };
  const compiled = compileEventPattern(text, SNS_DIALECT);
  if ('problem' in compiled) return { problem: `FilterPolicy: ${compiled.problem}` };
  const { pattern } = compiled;
  const problem = limitProblem(pattern, json as object, scope);
  if (problem !== undefined) return { problem };
  return { policy: scope === 'MessageBody' ? bodyPolicy(pattern) : attributePolicy(pattern) };
}

function jsonProblem(compiled: CompiledPattern): string {
  const detail = 'problem' in compiled ? ` ${compiled.problem}` : '';
  return `FilterPolicy: failed to parse JSON.${detail}`;
}

function limitProblem(pattern: EventPattern, json: object, scope: FilterPolicyScope): string | undefined {
  const isNested = pattern.alternatives.some((alternative) => alternative.some((field) => field.level > 1));
  if (scope === 'MessageAttributes' && isNested) {
    return 'Filter policy scope MessageAttributes does not support nested filter policy';
  }
  // Of a nested policy only the outermost keys count.
  if (Object.keys(json).length > KEY_COUNT_MAX) return 'FilterPolicy: Filter policy can not have more than 5 keys';
  // Each field counts its values times its level; fields multiply, the branches of $or add up.
  let combinations = 0;
  for (const alternative of pattern.alternatives) {
    combinations += alternative.reduce((product, { tests, level }) => product * tests.length * level, 1);
  }
  return combinations > COMBINATION_COUNT_MAX ? 'FilterPolicy: Filter policy is too complex' : undefined;
}

function attributePolicy(pattern: EventPattern): FilterPolicy {
  return {
    scope: 'MessageAttributes',
    // AWS: a message without any attribute matches no policy, not even {"exists": false}.
    matches: ({ attributes }) => attributes.length > 0 && pattern.matches(attributesAsEvent(attributes)),
    explain({ attributes }) {
      const explanation = pattern.explain(attributesAsEvent(attributes));
      if (attributes.length > 0) return explanation;
      const sentence = 'the message has no attributes; a filter policy on attributes then never matches';
      return { ...explanation, isMatch: false, sentence };
    },
  };
}

function bodyPolicy(pattern: EventPattern): FilterPolicy {
  return {
    scope: 'MessageBody',
    matches: ({ body }) => {
      const event = parseBody(body);
      return event !== undefined && pattern.matches(event);
    },
    explain({ body }) {
      const event = parseBody(body);
      if (event !== undefined) return pattern.explain(event);
      const sentence = 'the body is no JSON object; a filter policy on the body then never matches';
      return { ...pattern.explain({}), isMatch: false, sentence };
    },
  };
}

function parseBody(body: string): object | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    // Any text may be published; it is just not what a policy on the body wants.
    return undefined;
  }
}

function isEmptyObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && Object.keys(json).length === 0;
}
