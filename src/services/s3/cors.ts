// What a bucket's CORS rules say to a page of another origin: the first rule that allows the request decides. AWS: S3 user guide, "How does Amazon
// S3 evaluate the CORS configuration on a bucket?": origin, method, and for a preflight every asked header must match.

import { type Wildcard, wildcardOf, wildcardTokens } from '#base/wildcard.ts';
import type { CORSRule } from '#wire/generated/s3.ts';
import type { S3State } from './state.ts';

/** For the gateway, which asks before any operation does. `state` is this room's; undefined: there is no such bucket. */
export function corsRulesOf(state: unknown, bucket: string): readonly CORSRule[] | undefined {
  const found = (state as S3State | undefined)?.buckets.get(bucket);
  return found === undefined ? undefined : (found.cors ?? []);
}

export interface CorsRequest {
  readonly origin: string;
  /** Of the request, or the one that a preflight asks for. */
  readonly method: string;
  /** Those that a preflight asks for. */
  readonly headers?: readonly string[];
}

/** Headers of the answer; undefined: no rule allows it, and a preflight is refused. */
export function corsHeaders(
  rules: readonly CORSRule[],
  request: CorsRequest,
): readonly (readonly [string, string])[] | undefined {
  const rule = rules.find((candidate) => allows(candidate, request));
  if (rule === undefined) return undefined;
  const isForAll = rule.AllowedOrigins?.includes('*') === true;
  const { headers } = request;
  const answer: [string, string | undefined][] = [
    ['Access-Control-Allow-Origin', isForAll ? '*' : request.origin],
    ['Access-Control-Allow-Methods', rule.AllowedMethods?.join(', ')],
    ['Access-Control-Allow-Headers', headers === undefined || headers.length === 0 ? undefined : headers.join(', ')],
    ['Access-Control-Expose-Headers', rule.ExposeHeaders?.join(', ')],
    ['Access-Control-Max-Age', rule.MaxAgeSeconds === undefined ? undefined : String(rule.MaxAgeSeconds)],
    ['Access-Control-Allow-Credentials', isForAll ? undefined : 'true'],
    ['Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'],
  ];
  return answer.filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
}

function allows(rule: CORSRule, { origin, method, headers = [] }: CorsRequest): boolean {
  const { AllowedOrigins = [], AllowedMethods = [], AllowedHeaders = [] } = rule;
  return (
    AllowedOrigins.some((allowed) => patternOf(allowed).matches(origin)) &&
    AllowedMethods.includes(method) &&
    headers.every((header) =>
      AllowedHeaders.some((allowed) => patternOf(allowed.toLowerCase()).matches(header.toLowerCase())),
    )
  );
}

const patternOf = (text: string): Wildcard => wildcardOf(wildcardTokens(text));
