// Terms, or one regular expression alone. All plain ones must occur, none of those behind a minus; when there are only terms behind a question mark, one of
// them must occur. AWS: beside plain or excluded terms the optional ones have no effect.

import { takeExpression } from './expression.ts';
import type { PatternText } from './pattern-text.ts';

const PLAIN = /^[\p{L}\p{N}_]+$/u;

export function compileTermsPattern(text: PatternText): (message: string) => boolean {
  if (text.take('%')) {
    const occurs = takeExpression(text);
    return text.isAtEnd ? occurs : text.fail('nothing may follow the closing percent sign');
  }
  const required: string[] = [];
  const excluded: string[] = [];
  const optional: string[] = [];
  for (text.skipSpace(); !text.isAtEnd; text.skipSpace()) {
    let terms = required;
    if (text.take('-')) terms = excluded;
    else if (text.take('?')) terms = optional;
    terms.push(takeTerm(text));
  }
  if (required.length === 0 && excluded.length === 0) {
    return (message) => optional.some((term) => message.includes(term));
  }
  return (message) =>
    required.every((term) => message.includes(term)) && !excluded.some((term) => message.includes(term));
}

function takeTerm(text: PatternText): string {
  if (text.take('"')) return text.takeQuoted('"') || text.failAtTerm('""');
  const term = text.takeUntil(/[\s"]/);
  // AWS: terms with other characters than letters, digits and underscores stand in quotation marks.
  return PLAIN.test(term) || (text.isStored && term !== '') ? term : text.failAtTerm(term);
}
