// AWS's front-end validation: every broken constraint of a request in one text, `2 validation errors detected: Value …`.
// Source: replies of Lambda, CloudWatch Logs and other services that are built from Smithy models.

export class Validation {
  private readonly problems: string[] = [];

  /** The whole text, or undefined when nothing is broken. */
  get text(): string | undefined {
    const { length } = this.problems;
    if (length === 0) return undefined;
    return `${length} validation error${length === 1 ? '' : 's'} detected: ${this.problems.join('; ')}`;
  }

  required(path: string, value: unknown): this {
    if (value !== undefined && value !== null) return this;
    return this.add('null', path, 'Member must not be null');
  }

  pattern(path: string, value: string | undefined, pattern: { readonly test: RegExp; readonly shown: string }): this {
    if (value === undefined || pattern.test.test(value)) return this;
    return this.add(quoted(value), path, `Member must satisfy regular expression pattern: ${pattern.shown}`);
  }

  /** Length of a text, or count of a list. */
  length(path: string, value: string | readonly unknown[] | undefined, bounds: { min?: number; max?: number }): this {
    if (value === undefined) return this;
    const shown = typeof value === 'string' ? quoted(value) : quoted(`[${value.map(String).join(', ')}]`);
    if (bounds.min !== undefined && value.length < bounds.min) {
      return this.add(shown, path, `Member must have length greater than or equal to ${bounds.min}`);
    }
    if (bounds.max !== undefined && value.length > bounds.max) {
      return this.add(shown, path, `Member must have length less than or equal to ${bounds.max}`);
    }
    return this;
  }

  /** Pattern and length of a value that is not shown: a password. AWS leaves it out of the text, too. */
  secret(
    path: string,
    value: string | undefined,
    rule: { readonly pattern?: { readonly test: RegExp; readonly shown: string }; min?: number; max?: number },
  ): this {
    if (value === undefined) return this;
    const { pattern } = rule;
    this.size(path, value.length, rule);
    if (pattern !== undefined && !pattern.test.test(value)) {
      this.addHidden(path, `Member must satisfy regular expression pattern: ${pattern.shown}`);
    }
    return this;
  }

  /** How long something is that is not shown. */
  size(path: string, length: number, { min, max }: { readonly min?: number; readonly max?: number }): this {
    if (min !== undefined && length < min) {
      this.addHidden(path, `Member must have length greater than or equal to ${min}`);
    }
    if (max !== undefined && length > max) this.addHidden(path, `Member must have length less than or equal to ${max}`);
    return this;
  }

  private addHidden(path: string, constraint: string): void {
    this.problems.push(`Value at '${path}' failed to satisfy constraint: ${constraint}`);
  }

  /** A value that is not shown as it is: bytes. */
  tooLong(path: string, shown: string, max: number): this {
    return this.add(quoted(shown), path, `Member must have length less than or equal to ${max}`);
  }

  range(path: string, value: number | undefined, bounds: { min: number; max: number }): this {
    if (value === undefined) return this;
    if (value < bounds.min) {
      return this.add(quoted(value), path, `Member must have value greater than or equal to ${bounds.min}`);
    }
    if (value > bounds.max) {
      return this.add(quoted(value), path, `Member must have value less than or equal to ${bounds.max}`);
    }
    return this;
  }

  oneOf(path: string, value: string | number | undefined, allowed: readonly (string | number)[]): this {
    if (value === undefined || allowed.includes(value)) return this;
    return this.add(quoted(value), path, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
  }

  private add(shown: string, path: string, constraint: string): this {
    this.problems.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
    return this;
  }
}

/** Values are cut: an error must not be as long as the request that caused it. */
const SHOWN_LENGTH_MAX = 1024;

function quoted(value: string | number): string {
  return `'${String(value).slice(0, SHOWN_LENGTH_MAX)}'`;
}
