// Pairs of a query or form, added to what a URL has already.

import { parsePairs, percentEncode } from '#wire/percent.ts';

export interface NamedValue {
  readonly key: string;
  readonly value: string;
}

/** More pairs than a URL of 2,048 characters can hold. */
const PAIRS_MAX = 2_048;

export function formText(pairs: readonly NamedValue[]): string {
  return pairs.map(({ key, value }) => `${percentEncode(key)}=${percentEncode(value)}`).join('&');
}

/** The URL with these pairs in its query; a pair of the URL's own with the same name gives way. */
export function withQuery(url: string, pairs: readonly NamedValue[]): string {
  if (pairs.length === 0) return url;
  const mark = url.indexOf('?');
  const own = mark < 0 ? '' : url.slice(mark + 1);
  const names = new Set(pairs.map(({ key }) => key));
  const kept = own.split('&').filter((text) => text !== '' && !names.has(nameOf(text)));
  return `${mark < 0 ? url : url.slice(0, mark)}?${[...kept, formText(pairs)].join('&')}`;
}

function nameOf(pair: string): string {
  return parsePairs(pair, PAIRS_MAX)?.[0]?.name ?? pair;
}
