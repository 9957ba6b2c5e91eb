// Reads `{"numeric": [">", 0, "<=", 5]}`: one comparison, or a range of two. Texts and their order are those of AWS's
// compiler. AWS: github.com/aws/event-ruler, JsonRuleCompiler.processNumericMatchExpression and ComparableNumber.

import { NUMBER_MAX } from './comparable-number.ts';
import type { JsonTokens } from './json-tokens.ts';
import { Numeric, type NumericBound, type NumericRange } from './value-test.ts';

export function parseNumber(tokens: JsonTokens): number {
  const value = Number(tokens.text);
  if (Math.abs(value) > NUMBER_MAX) tokens.fail('Value must be between -5.0E9 and 5.0E9, inclusive');
  return value;
}

export function parseNumeric(tokens: JsonTokens): Numeric {
  if (tokens.next() !== '[') tokens.fail('Value of numeric must be an array.');
  if (tokens.next() !== 'string') tokens.fail(`Invalid member in numeric match: ${tokens.text}`);
  const operator = tokens.text;
  const token = tokens.next();
  if (!['=', '<', '<=', '>', '>='].includes(operator)) tokens.fail(`Unrecognized numeric range operator: ${operator}`);
  if (token !== 'number') tokens.fail(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const value = parseNumber(tokens);
  const bound = { value, isOpen: operator === '<' || operator === '>' };
  let source: unknown[] = [operator, value];
  let range: NumericRange;
  if (operator === '>' || operator === '>=') {
    const upper = parseUpper(tokens, value);
    source = [...source, ...upper.source];
    range = { low: bound, ...(upper.high === undefined ? {} : { high: upper.high }) };
  } else {
    if (tokens.next() !== ']') tokens.fail('Too many elements in numeric expression');
    range = operator === '=' ? { low: bound, high: bound } : { high: bound };
  }
  if (tokens.next() !== '}') tokens.fail('Too many elements in numeric expression');
  return new Numeric(source, range);
}

interface Upper {
  readonly high?: NumericBound;
  readonly source: readonly unknown[];
}

function parseUpper(tokens: JsonTokens, low: number): Upper {
  const token = tokens.next();
  if (token === ']') return { source: [] };
  if (token !== 'string') tokens.fail(`Bad value in numeric range: ${tokens.text}`);
  const operator = tokens.text;
  if (operator !== '<' && operator !== '<=') tokens.fail(`Bad numeric range operator: ${operator}`);
  if (tokens.next() !== 'number') tokens.fail(`Value of ${operator} must be numeric`);
  const value = parseNumber(tokens);
  if (tokens.next() !== ']') tokens.fail('Too many terms in numeric range expression');
  if (value <= low) tokens.fail('Bottom must be less than top');
  return { high: { value, isOpen: operator === '<' }, source: [operator, value] };
}
