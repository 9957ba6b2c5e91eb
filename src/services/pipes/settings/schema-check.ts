// The constraints of the API's shapes as Pipes' front end tells them: a JSON schema's violations, all in one pair of brackets, without the member's name.
// Source: replies quoted in public issues ("[numeric instance is lower than the required minimum (minimum: 1, found: 0)]"); the other texts are those of the
// validator that this one comes from (github.com/java-json-tools/json-schema-validator, validation.properties).

import type { AwsError } from '#model/aws-error.ts';
import { schemaViolated } from '../errors.ts';

export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
}

/** Values are cut: an error must not be as long as the request that caused it. */
const SHOWN_LENGTH_MAX = 256;

export class SchemaCheck {
  private readonly problems: string[] = [];

  get error(): AwsError | undefined {
    return this.problems.length === 0 ? undefined : schemaViolated(this.problems);
  }

  required(input: object, names: readonly string[]): this {
    const given = input as Readonly<Record<string, unknown>>;
    const missing = names.filter((name) => given[name] === undefined || given[name] === null);
    if (missing.length > 0) {
      this.problems.push(`object has missing required properties (${JSON.stringify([...missing].sort())})`);
    }
    return this;
  }

  text(value: string | undefined, { min = 0, max, pattern }: TextRule): this {
    if (value === undefined) return this;
    const { length } = value;
    const shown = value.slice(0, SHOWN_LENGTH_MAX);
    if (length < min)
      this.problems.push(`string "${shown}" is too short (length: ${length}, required minimum: ${min})`);
    if (max !== undefined && length > max) {
      this.problems.push(`string "${shown}" is too long (length: ${length}, maximum allowed: ${max})`);
    } else if (pattern !== undefined && !pattern.test(value)) {
      this.problems.push(`ECMA 262 regex "${pattern.source}" does not match input string "${shown}"`);
    }
    return this;
  }

  number(value: number | undefined, { min, max }: { readonly min: number; readonly max: number }): this {
    if (value === undefined) return this;
    if (value < min) {
      this.problems.push(`numeric instance is lower than the required minimum (minimum: ${min}, found: ${value})`);
    }
    if (value > max) {
      this.problems.push(`numeric instance is greater than the required maximum (maximum: ${max}, found: ${value})`);
    }
    return this;
  }

  oneOf(value: string | undefined, allowed: readonly string[]): this {
    if (value === undefined || allowed.includes(value)) return this;
    const shown = value.slice(0, SHOWN_LENGTH_MAX);
    this.problems.push(`instance value ("${shown}") not found in enum (possible values: ${JSON.stringify(allowed)})`);
    return this;
  }

  count(list: readonly unknown[] | undefined, max: number): this {
    if (list !== undefined && list.length > max) {
      this.problems.push(
        `array is too long: must have at most ${max} elements but instance has ${list.length} elements`,
      );
    }
    return this;
  }

  properties(map: object | undefined, { min = 0, max }: { readonly min?: number; readonly max: number }): this {
    if (map === undefined) return this;
    const found = Object.keys(map).length;
    if (found < min) {
      this.problems.push(`object has too few properties (found ${found} but schema requires at least ${min})`);
    }
    if (found > max) {
      this.problems.push(`object has too many properties (found ${found} but schema requires at most ${max})`);
    }
    return this;
  }
}
