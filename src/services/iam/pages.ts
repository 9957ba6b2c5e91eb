// Pages of lists. A marker is the last key of the page before, sealed so that a client can neither make one up nor take
// one from another account or another list.

import { openToken, sealToken } from '#cell/sealed-token.ts';
import type { AwsError } from '#model/aws-error.ts';
import { invalidMarker } from './errors.ts';
import { PAGE_DEFAULT, PAGE_MAX } from './limits.ts';
import type { IamTurn } from './state.ts';
import { Validation } from './validation.ts';

export interface PageInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface PageOutput {
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly page: PageOutput;
}

/** `items` in order, each with a key that is unique in the list; `list` names the list for the seal. */
export function pageOf<T>(
  turn: IamTurn,
  input: PageInput,
  { items, keyOf, list }: { items: readonly T[]; keyOf: (item: T) => string; list: string },
): PageOf<T> | { readonly refused: AwsError } {
  const { error } = new Validation()
    .number('maxItems', input.MaxItems, { min: 1, max: PAGE_MAX })
    .optional('marker', input.Marker, { max: 4096 });
  if (error !== undefined) return { refused: error };
  let start = 0;
  if (input.Marker !== undefined) {
    const afterKey = openToken(turn, boundTo(turn, list), input.Marker);
    if (afterKey === undefined) return { refused: invalidMarker() };
    // The item itself may be gone by now: go on behind its place.
    const next = items.findIndex((item) => keyOf(item) > afterKey);
    start = next < 0 ? items.length : next;
  }
  const taken = items.slice(start, start + (input.MaxItems ?? PAGE_DEFAULT));
  const last = taken[taken.length - 1];
  if (last === undefined || start + taken.length >= items.length) return { items: taken, page: { IsTruncated: false } };
  return { items: taken, page: { IsTruncated: true, Marker: sealToken(turn, boundTo(turn, list), keyOf(last)) } };
}

function boundTo({ scope }: IamTurn, list: string): readonly unknown[] {
  return ['iam', scope.account, list];
}

/** Comparison by code units: the order of keys, the same on every machine. */
export function byText<T>(keyOf: (item: T) => string): (one: T, other: T) => number {
  return (one, other) => {
    const left = keyOf(one);
    const right = keyOf(other);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}
