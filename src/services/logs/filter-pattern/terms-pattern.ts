// Terms: all plain ones must occur, none of those behind a minus; when there are only terms behind a question mark, one of
// them must occur. AWS: beside plain or excluded terms the optional ones have no effect.

import { PatternText } from './pattern-text.ts';

export function compileTermsPattern(pattern: string): (message: string) => boolean {
  const text = new PatternText(pattern);
  const required: string[] = [];
  const excluded: string[] = [];
  const optional: string[] = [];
  for (text.skipSpace(); !text.isAtEnd; text.skipSpace()) {
    let terms = required;
    if (text.take('-')) terms = excluded;
    else if (text.take('?')) terms = optional;
    const term = takeTerm(text);
    if (term === '') text.fail('a term is missing');
    terms.push(term);
  }
  if (required.length === 0 && excluded.length === 0) {
    return (message) => optional.some((term) => message.includes(term));
  }
  return (message) =>
    required.every((term) => message.includes(term)) && !excluded.some((term) => message.includes(term));
}

function takeTerm(text: PatternText): string {
  if (text.take('"')) return text.takeQuoted('"');
  if (text.peek() === '%') text.fail('regular expressions are not available here');
  return text.takeUntil(/[\s"]/);
}
