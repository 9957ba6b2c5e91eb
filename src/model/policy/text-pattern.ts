// Texts of a policy that are compared with texts of a request: literal characters, wildcards, and variables such as
// ${aws:username}, which take their value from the request and are never read as wildcards themselves.
// ${*}, ${?} and ${$} stand for the characters. AWS: IAM user guide, "Policy elements: Variables and tags".

import { type Wildcard, type WildcardToken, wildcardOf, wildcardTokens } from '#base/wildcard.ts';

/** Values of a request's condition keys, by key in lower case. */
export interface ContextValues {
  get(keyLowerCase: string): readonly string[] | undefined;
}

interface Variable {
  /** In lower case: keys have no case. */
  readonly variable: string;
  readonly fallback: string | undefined;
}

type Part = WildcardToken | Variable;

export interface TextPattern {
  /** As the policy's author wrote it. */
  readonly source: string;
  /** False also when a variable has no value: AWS then treats the statement as not matching. */
  matches(text: string, context: ContextValues): boolean;
}

export interface PatternOptions {
  /** `*` and `?` are wildcards. */
  readonly hasWildcards: boolean;
  /** Variables exist only in documents of version 2012-10-17. */
  readonly hasVariables: boolean;
  readonly isCaseless?: boolean;
}

export function compileText(source: string, options: PatternOptions): TextPattern | undefined {
  const parts = options.hasVariables ? partsOf(source, options.hasWildcards) : tokensOf(source, options.hasWildcards);
  if (parts === undefined) return undefined;
  const fold = options.isCaseless === true ? (text: string) => text.toLowerCase() : (text: string) => text;
  if (!parts.some(isVariable)) {
    const wildcard = wildcardOf(foldTokens(parts as readonly WildcardToken[], fold));
    return { source, matches: (text) => wildcard.matches(fold(text)) };
  }
  return {
    source,
    matches(text, context) {
      const resolved = resolve(parts, context, fold);
      return resolved?.matches(fold(text)) ?? false;
    },
  };
}

function tokensOf(source: string, hasWildcards: boolean): readonly WildcardToken[] {
  return hasWildcards ? wildcardTokens(source) : [{ literal: source }];
}

/** Undefined when a `${` is not closed or names nothing. */
function partsOf(source: string, hasWildcards: boolean): readonly Part[] | undefined {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const open = source.indexOf('${', at);
    if (open < 0) break;
    const close = source.indexOf('}', open);
    if (close < 0) return undefined;
    parts.push(...tokensOf(source.slice(at, open), hasWildcards));
    const inner = source.slice(open + 2, close);
    if (inner === '*' || inner === '?' || inner === '$') parts.push({ literal: inner });
    else {
      const variable = /^\s*([^\s,']+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner);
      if (variable === null) return undefined;
      parts.push({ variable: (variable[1] as string).toLowerCase(), fallback: variable[2] });
    }
    at = close + 1;
  }
  parts.push(...tokensOf(source.slice(at), hasWildcards));
  return parts;
}

function resolve(parts: readonly Part[], context: ContextValues, fold: (text: string) => string): Wildcard | undefined {
  const tokens: WildcardToken[] = [];
  for (const part of parts) {
    if (!isVariable(part)) tokens.push(part);
    else {
      const values = context.get(part.variable);
      // A key with several values has no single text to put in; AWS takes that as no value.
      const value = values?.length === 1 ? values[0] : part.fallback;
      if (value === undefined) return undefined;
      tokens.push({ literal: value });
    }
  }
  return wildcardOf(foldTokens(tokens, fold));
}

function foldTokens(tokens: readonly WildcardToken[], fold: (text: string) => string): WildcardToken[] {
  return tokens.map((token) => (typeof token === 'string' ? token : { literal: fold(token.literal) }));
}

function isVariable(part: Part): part is Variable {
  return typeof part !== 'string' && 'variable' in part;
}
