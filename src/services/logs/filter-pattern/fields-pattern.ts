// Space-delimited fields: `[ip, user, ..., status = 4* || status = 500, bytes > 1000]`. The message is cut at spaces; what
// stands in brackets or quotation marks is one field. `...` stands for any number of fields.

import { COMPARISONS, type PatternText, readComparison } from './pattern-text.ts';

type FieldTest = (field: string) => boolean;

interface Field {
  readonly name: string;
  readonly test: FieldTest;
}

interface FieldsPattern {
  readonly before: readonly Field[];
  readonly after: readonly Field[];
  readonly hasEllipsis: boolean;
}

export interface CompiledFields {
  readonly test: (message: string) => boolean;
  /** Of a message that matches: its fields by the names that the pattern gives them. */
  readonly extract: (message: string) => Readonly<Record<string, string>>;
}

export function compileFieldsPattern(text: PatternText): CompiledFields {
  const { before, after, hasEllipsis } = readFields(text);
  const wanted = [...before, ...after];
  /** Those of the message that the pattern names, in its order; undefined: it has others. */
  const named = (message: string): readonly string[] | undefined => {
    const fields = splitFields(message);
    if (hasEllipsis ? fields.length < wanted.length : fields.length !== wanted.length) return undefined;
    return [...fields.slice(0, before.length), ...fields.slice(fields.length - after.length)];
  };
  return {
    test(message) {
      const fields = named(message);
      return fields !== undefined && wanted.every(({ test }, i) => test(fields[i] as string));
    },
    extract(message) {
      const fields = named(message) ?? [];
      return Object.fromEntries(fields.map((value, i) => [(wanted[i] as Field).name, value]));
    },
  };
}

function readFields(text: PatternText): FieldsPattern {
  const before: Field[] = [];
  const after: Field[] = [];
  let hasEllipsis = false;
  text.expect('[');
  for (;;) {
    text.skipSpace();
    if (text.take('...')) {
      if (hasEllipsis) text.fail('an ellipsis may stand once');
      hasEllipsis = true;
    } else (hasEllipsis ? after : before).push(readField(text));
    text.skipSpace();
    if (text.take(']')) break;
    text.expect(',');
  }
  text.skipSpace();
  if (!text.isAtEnd) text.fail('nothing may follow the closing bracket');
  return { before, after, hasEllipsis };
}

/** A name alone, or conditions on it, joined by `&&` and `||`. */
function readField(text: PatternText): Field {
  const alternatives: FieldTest[][] = [[]];
  let fieldName: string | undefined;
  for (;;) {
    const name = text.takeUntil(/[\s,\]=!<>&|]/);
    if (name === '') text.fail('expected the name of a field');
    fieldName ??= name;
    text.skipSpace();
    const comparison = COMPARISONS.find((candidate) => text.take(candidate));
    if (comparison !== undefined) {
      (alternatives.at(-1) as FieldTest[]).push(readComparison(text, comparison, /[\s,\]&|]/));
    }
    text.skipSpace();
    if (text.take('||')) alternatives.push([]);
    else if (!text.take('&&')) break;
    text.skipSpace();
  }
  const test = (field: string): boolean => alternatives.some((tests) => tests.every((own) => own(field)));
  return { name: fieldName, test };
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '[': ']' };

function splitFields(message: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at < message.length) {
    const character = message[at] as string;
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const closing = CLOSING[character];
    const end = closing === undefined ? -1 : message.indexOf(closing, at + 1);
    if (end >= 0) {
      fields.push(message.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    const start = at;
    while (at < message.length && !/\s/.test(message[at] as string)) at += 1;
    fields.push(message.slice(start, at));
  }
  return fields;
}
