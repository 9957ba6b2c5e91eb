// Reads one alternative of a field: a plain value, or an object with one operator. Texts of errors and their order are
// those of AWS's own compiler. AWS: github.com/aws/event-ruler, JsonRuleCompiler and CIDR.

import { parseIp } from '#base/ip-range.ts';
import type { WildcardToken } from '#base/wildcard.ts';
import { type JsonTokens, PatternSyntaxError, type Token } from './json-tokens.ts';
import { parseNumber, parseNumeric } from './parse-numeric.ts';
import * as tests from './value-test.ts';

export interface Dialect {
  /** Operators that an object may name. */
  readonly operators: ReadonlySet<string>;
  /** Operators inside `anything-but`. */
  readonly anythingBut: ReadonlySet<string>;
  /** Lists inside `anything-but` of an operator, `prefix` and `suffix` of `equals-ignore-case`. */
  readonly hasNestedForms: boolean;
  /** `{"exists": true}` wants a value that is neither null nor empty. */
  readonly existsNeedsContent?: true;
}

const ONE_KEY = 'Only one key allowed in match expression';

export function parseTest(tokens: JsonTokens, token: Token, dialect: Dialect): tests.ValueTest {
  if (token === '{') return parseOperator(tokens, dialect);
  if (token === 'string') return new tests.Equals(tokens.text);
  if (token === 'number') return new tests.Equals(Number(tokens.text), tokens.text);
  if (token === 'literal') return new tests.Equals(JSON.parse(tokens.text) as boolean | null);
  return tokens.fail('Match value must be String, number, true, false, or null');
}

function parseOperator(tokens: JsonTokens, dialect: Dialect): tests.ValueTest {
  if (tokens.next() !== 'name') tokens.fail('Match expression name not found');
  const { name } = tokens;
  if (!dialect.operators.has(name)) tokens.fail(`Unrecognized match type ${name}`);
  switch (name) {
    case 'exactly':
      return closed(tokens, new tests.Equals(stringOf(tokens, 'exact match pattern must be a string')));
    case 'prefix':
    case 'suffix':
      return parseAffix(tokens, name, dialect);
    case 'equals-ignore-case':
      return closed(tokens, new tests.Text('whole', stringOf(tokens, `${name} match pattern must be a string`), true));
    case 'wildcard': {
      const text = stringOf(tokens, 'wildcard match pattern must be a string');
      return closed(tokens, new tests.WildcardText(text, wildcardTokensOf(tokens, text)));
    }
    // AWS's compiler says "prefix" for a cidr that is no string.
    case 'cidr':
      return closed(tokens, parseCidr(stringOf(tokens, 'prefix match pattern must be a string')));
    case 'exists':
      return parseExists(tokens, dialect);
    case 'numeric':
      return parseNumeric(tokens);
    default:
      return parseAnythingBut(tokens, dialect);
  }
}

function stringOf(tokens: JsonTokens, problem: string): string {
  if (tokens.next() !== 'string') tokens.fail(problem);
  return tokens.text;
}

function closed<T>(tokens: JsonTokens, result: T): T {
  if (tokens.next() !== '}') tokens.fail(ONE_KEY);
  return result;
}

function parseAffix(tokens: JsonTokens, name: 'prefix' | 'suffix', dialect: Dialect): tests.ValueTest {
  const place = name === 'prefix' ? 'start' : 'end';
  const token = tokens.next();
  if (token === '{' && dialect.hasNestedForms) {
    const title = name === 'prefix' ? 'Prefix' : 'Suffix';
    if (tokens.next() !== 'name') tokens.fail(`${title} expression name not found`);
    if (tokens.name !== 'equals-ignore-case') tokens.fail(`Unsupported ${name} pattern: ${tokens.name}`);
    const text = stringOf(tokens, 'equals-ignore-case match pattern must be a string');
    return closed(tokens, closed(tokens, new tests.Text(place, text, true)));
  }
  if (token !== 'string') tokens.fail(`${name} match pattern must be a string`);
  return closed(tokens, new tests.Text(place, tokens.text, false));
}

function parseExists(tokens: JsonTokens, { existsNeedsContent }: Dialect): tests.ValueTest {
  const isFlag = tokens.next() === 'literal' && tokens.text !== 'null';
  if (!isFlag) tokens.fail('exists match pattern must be either true or false.');
  return closed(tokens, new tests.Exists(tokens.text === 'true', existsNeedsContent));
}

function parseCidr(text: string): tests.ValueTest {
  // These errors carry no position: AWS raises them outside its JSON parser.
  const parts = text.split('/');
  if (parts.length !== 2) throw new PatternSyntaxError("Malformed CIDR, one '/' required");
  const [address, maskText] = parts as [string, string];
  if (!/^-?[0-9]+$/.test(maskText)) throw new PatternSyntaxError('Malformed CIDR, mask bits must be an integer');
  const mask = Number(maskText);
  if (mask < 0) throw new PatternSyntaxError('Malformed CIDR, mask bits must not be negative');
  const parsed = parseIp(address);
  if (parsed === undefined) throw new PatternSyntaxError(`Nonstandard IP address: ${address}`);
  if (parsed.bits === 32 && mask > 31) throw new PatternSyntaxError('IPv4 mask bits must be < 32');
  if (parsed.bits === 128 && mask > 127) throw new PatternSyntaxError('IPv6 mask bits must be < 128');
  return new tests.Cidr(text);
}

function parseAnythingBut(tokens: JsonTokens, dialect: Dialect): tests.ValueTest {
  let token = tokens.next();
  let operator: string | undefined;
  if (token === '{') {
    if (tokens.next() !== 'name') tokens.fail('Anything-But expression name not found');
    operator = tokens.name;
    if (!dialect.anythingBut.has(operator)) tokens.fail(`Unsupported anything-but pattern: ${operator}`);
    token = tokens.next();
    if (!dialect.hasNestedForms && token !== 'string') tokens.fail('prefix/suffix match pattern must be a string');
  }
  if (token !== '[' && token !== 'string' && token !== 'number') {
    tokens.fail('Value of anything-but must be an array or single string/number value.');
  }
  const operands = token === '[' ? parseRefusedList(tokens, operator) : [parseRefused(tokens, token, operator)];
  if (tokens.next() !== '}') tokens.fail('Too many elements in numeric expression');
  if (operator !== undefined && tokens.next() !== '}') tokens.fail('Too many elements in numeric expression');
  const values = operands.map((operand) => operand.value);
  const operand = token === '[' ? values : values[0];
  return new tests.AnythingBut(
    operator === undefined ? operand : { [operator]: operand },
    operands.map((refused) => refused.test),
  );
}

interface Refused {
  readonly value: string | number;
  readonly test: tests.ValueTest;
}

function parseRefusedList(tokens: JsonTokens, operator: string | undefined): Refused[] {
  const list: Refused[] = [];
  try {
    for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
      list.push(parseRefused(tokens, token, operator));
    }
  } catch (error) {
    // AWS's compiler catches its own error here and raises it again, so the position is there twice.
    if (error instanceof PatternSyntaxError) tokens.fail(error.message);
    throw error;
  }
  const numbers = list.filter(({ value }) => typeof value === 'number').length;
  if (operator === undefined && (list.length === 0 || (numbers > 0 && numbers < list.length))) {
    tokens.fail('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  return list;
}

function parseRefused(tokens: JsonTokens, token: Token, operator: string | undefined): Refused {
  if (operator === undefined) {
    if (token === 'number') {
      const value = parseNumber(tokens);
      return { value, test: new tests.Equals(value, tokens.text) };
    }
    if (token !== 'string') tokens.fail('Inside anything but list, start|null|boolean is not supported.');
    return { value: tokens.text, test: new tests.Equals(tokens.text) };
  }
  if (token !== 'string') tokens.fail(REFUSED_TYPE[operator] ?? 'prefix/suffix match pattern must be a string');
  const value = tokens.text;
  if (operator === 'equals-ignore-case') return { value, test: new tests.Text('whole', value, true) };
  if (operator === 'wildcard') return { value, test: new tests.WildcardText(value, wildcardTokensOf(tokens, value)) };
  if (value === '') tokens.fail('Null prefix/suffix not allowed');
  return { value, test: new tests.Text(operator === 'prefix' ? 'start' : 'end', value, false) };
}

const REFUSED_TYPE: Readonly<Record<string, string>> = {
  'equals-ignore-case': 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  wildcard: 'wildcard match pattern must be a string',
};

/** `*` is a wildcard, `\*` and `\\` are the characters. Positions count the opening quote. */
function wildcardTokensOf(tokens: JsonTokens, text: string): WildcardToken[] {
  const result: WildcardToken[] = [];
  let literal = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] as string;
    if (character === '\\') {
      const next = text[i + 1];
      if (next !== '*' && next !== '\\') tokens.fail(`Invalid escape character at pos ${i + 1}`);
      literal += next;
      i += 1;
    } else if (character === '*') {
      if (text[i + 1] === '*') tokens.fail(`Consecutive wildcard characters at pos ${i + 1}`);
      if (literal !== '') result.push({ literal });
      literal = '';
      result.push('*');
    } else literal += character;
  }
  if (literal !== '') result.push({ literal });
  return result;
}
