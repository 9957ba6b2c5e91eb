// The form of a keyword: what it is given when a schema is compiled, and how it says that the schema cannot be used. A keyword whose own form is
// wrong makes the schema unusable: better no enforcement than one that looks away.

import type { Check } from './checks.ts';

export type Dialect = 'draft-4' | 'openapi-3';

/** A schema cannot be used for checking; the message says what and where. */
export class SchemaProblem extends Error {}

/** Makes checks of the schemas inside a keyword. */
export interface Compiler {
  readonly dialect: Dialect;
  checksOf(schema: unknown, where: string, depth: number): readonly Check[];
}

export interface Given {
  /** The keyword's own value. */
  readonly value: unknown;
  /** The schema it stands in. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly where: string;
  readonly depth: number;
  readonly compiler: Compiler;
}

export type Keyword = (given: Given) => Check | undefined;
