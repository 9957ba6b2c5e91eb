// How the file of `--webhooks` is read: each member is looked at in the same way, and what is wrong is said in a sentence.

import { StartupProblem } from '#base/startup-problem.ts';
import { nearestName } from '../config/nearest-name.ts';

type Given = Readonly<Record<string, unknown>>;

/** Members of one webhook, each looked at in the same way. */
export class WebhookReader {
  private readonly given: Given;

  constructor(
    private readonly what: string,
    given: unknown,
  ) {
    if (!isGiven(given)) throw problem(`In the file of webhooks ${what} is no object.`);
    this.given = given;
  }

  problem(sentence: string): StartupProblem {
    return problem(`In the file of webhooks, ${this.what}: ${sentence}.`);
  }

  refuseOthers(known: readonly string[]): void {
    const other = Object.keys(this.given).find((name) => !known.includes(name));
    if (other === undefined) return;
    const nearest = nearestName(other, known);
    throw this.problem(`${other} is not known${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`);
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined || value === '') throw this.problem(`${name} is missing`);
    return value;
  }

  optional(name: string): string | undefined {
    const value = this.given[name];
    if (value === undefined || typeof value === 'string') return value;
    throw this.problem(`${name} is a text`);
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback?: T): T {
    const value = this.optional(name) ?? fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw this.problem(`${name} is one of ${choices.join(', ')}`);
    return found;
  }

  count(name: string, max: number): number | undefined {
    const value = this.given[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw this.problem(`${name} is a whole number from 1 to ${max}`);
  }
}

export function isGiven(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function problem(sentence: string): StartupProblem {
  return new StartupProblem('CFG-05', sentence);
}
