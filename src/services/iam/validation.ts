// Checks of input members, collected and told in one message as AWS does:
// "2 validation errors detected: Value at 'roleName' failed to satisfy constraint: …; Value at …".

import type { AwsError } from '#model/aws-error.ts';
import { validationError } from './errors.ts';
import * as limits from './limits.ts';

export interface TextRule {
  readonly min?: number;
  readonly max: number;
  readonly pattern?: string;
}

const compiled = new Map<string, RegExp>();

export class Validation {
  private readonly problems: string[] = [];

  /** Required text; nothing is checked further when it is missing. */
  text(member: string, value: string | undefined, rule: TextRule): this {
    if (value === undefined) return this.add(member, 'Member must not be null');
    return this.optional(member, value, rule);
  }

  optional(member: string, value: string | undefined, { min = 1, max, pattern }: TextRule): this {
    if (value === undefined) return this;
    if (value.length > max) return this.add(member, `Member must have length less than or equal to ${max}`);
    if (value.length < min) return this.add(member, `Member must have length greater than or equal to ${min}`);
    // Patterns are linear: one character class, or a fixed beginning and one class.
    if (pattern !== undefined && !matchesWhole(pattern, value)) {
      this.add(member, `Member must satisfy regular expression pattern: ${pattern}`);
    }
    return this;
  }

  number(member: string, value: number | undefined, range: { readonly min: number; readonly max: number }): this {
    if (value === undefined) return this;
    if (value < range.min) return this.add(member, `Member must have value greater than or equal to ${range.min}`);
    if (value > range.max) return this.add(member, `Member must have value less than or equal to ${range.max}`);
    return this;
  }

  oneOf(member: string, value: string | undefined, values: readonly string[]): this {
    if (value === undefined || values.includes(value)) return this;
    return this.add(member, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }

  add(member: string, constraint: string): this {
    this.problems.push(`Value at '${member}' failed to satisfy constraint: ${constraint}`);
    return this;
  }

  get error(): AwsError | undefined {
    const { length } = this.problems;
    if (length === 0) return undefined;
    const head = length === 1 ? '1 validation error' : `${length} validation errors`;
    return validationError(`${head} detected: ${this.problems.join('; ')}`);
  }
}

function matchesWhole(pattern: string, value: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`, 'u');
    compiled.set(pattern, expression);
  }
  return expression.test(value);
}

export const NAME_RULES = {
  role: { max: limits.ROLE_NAME_MAX, pattern: limits.NAME_PATTERN },
  user: { max: limits.USER_NAME_MAX, pattern: limits.NAME_PATTERN },
  policy: { max: limits.POLICY_NAME_MAX, pattern: limits.NAME_PATTERN },
} as const satisfies Record<string, TextRule>;

export const PATH_RULE: TextRule = { max: limits.PATH_MAX, pattern: limits.PATH_PATTERN };
export const DOCUMENT_RULE: TextRule = { max: limits.DOCUMENT_CHARACTERS_MAX, pattern: limits.DOCUMENT_PATTERN };
export const DESCRIPTION_RULE: TextRule = { min: 0, max: limits.DESCRIPTION_MAX };
export const ARN_RULE: TextRule = { min: limits.ARN_MIN, max: limits.ARN_MAX };
