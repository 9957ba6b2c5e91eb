// All keywords that are checked, and those that would have to be.

import type { Keyword } from './keyword.ts';
import { STRUCTURE_KEYWORDS } from './structure-keywords.ts';
import { VALUE_KEYWORDS } from './value-keywords.ts';

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([...VALUE_KEYWORDS, ...STRUCTURE_KEYWORDS]);

/** What newer drafts check and draft 4 does not know: ignoring them would accept what their author meant to forbid. */
export const LATER_KEYWORDS: ReadonlySet<string> = new Set([
  ...['const', 'contains', 'minContains', 'maxContains', 'propertyNames', 'prefixItems', 'if', 'then', 'else'],
  ...['dependentRequired', 'dependentSchemas', 'unevaluatedItems', 'unevaluatedProperties'],
  ...['$dynamicRef', '$recursiveRef'],
]);
