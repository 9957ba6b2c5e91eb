// The URL of a request: wildcards of the path filled in order, parameters of the query added. AWS: API reference, HttpParameters.

import { percentEncode } from '#wire/percent.ts';
import { type NamedValue, withQuery } from '../../connections/http-parameters.ts';

export interface UrlSources {
  readonly endpoint: string;
  readonly pathValues: readonly string[] | undefined;
  /** The target's, then the connection's: of two with one name the later holds. */
  readonly query: readonly NamedValue[];
}

/** Undefined when a value would lead to another place of the path than its own: `.` or `..`. */
export function urlOf({ endpoint, pathValues = [], query }: UrlSources): string | undefined {
  if (pathValues.some((value) => value === '.' || value === '..')) return undefined;
  const mark = endpoint.indexOf('?');
  const path = mark < 0 ? endpoint : endpoint.slice(0, mark);
  let at = 0;
  const filled = path.replace(/\*/g, () => {
    const value = pathValues[at];
    at += 1;
    return value === undefined ? '*' : percentEncode(value);
  });
  const byName = new Map(query.map((pair) => [pair.key, pair]));
  return withQuery(`${filled}${mark < 0 ? '' : endpoint.slice(mark)}`, [...byName.values()]);
}
