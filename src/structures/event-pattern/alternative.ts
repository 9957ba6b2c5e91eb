// What a pattern becomes: fields with their tests.

import type { ValueTest } from './value-test.ts';

export interface FieldTest {
  /** Path with dots. A dot in a key and a step into an object are the same, as with AWS. */
  readonly path: string;
  /** How many keys of the pattern lead to it: SNS counts nested fields as more complex. */
  readonly level: number;
  /** One of them is enough. */
  readonly tests: readonly ValueTest[];
}

/** All fields must hold, and together: for fields inside one array, in the same element. */
export type Alternative = readonly FieldTest[];
