// CloudWatch Logs' filter patterns: which log events are wanted. Three languages, told apart by their first character:
// terms (`ERROR -ignored "two words"`), JSON conditions (`{ $.level = "warn" }`), and space-delimited fields
// (`[ip, user, status = 4*]`); regular expressions stand between percent signs (`%4\d\d%`). A pattern is compiled once and asked for each event; matching is linear in the message.
// Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax".

import { type CompiledFields, compileFieldsPattern } from './fields-pattern.ts';
import { compileJsonPattern } from './json-pattern.ts';
import { PatternProblem, PatternText } from './pattern-text.ts';
import { compileTermsPattern } from './terms-pattern.ts';

export type MessageTest = (message: string) => boolean;

/** AWS: filterPattern has at most 1,024 characters. */
export const PATTERN_LENGTH_MAX = 1024;

export interface CompiledPattern {
  readonly test: MessageTest;
  /** Of a space-delimited pattern. */
  readonly extract?: CompiledFields['extract'];
}

type Compiled = CompiledPattern | { readonly problem: string };

export function compileFilterPattern(text: string): Compiled {
  return compile(text, false);
}

/** Of a filter that was accepted when it was put, perhaps by a version of Eddy that refused less. */
export function compileStoredPattern(text: string): Compiled {
  return compile(text, true);
}

function compile(text: string, isStored: boolean): Compiled {
  const pattern = text.trim();
  const read = new PatternText(pattern, isStored);
  try {
    if (pattern === '') return { test: () => true };
    if (pattern.startsWith('{')) return { test: compileJsonPattern(read) };
    if (pattern.startsWith('[')) return compileFieldsPattern(read);
    return { test: compileTermsPattern(read) };
  } catch (error) {
    if (error instanceof PatternProblem) return { problem: error.message };
    throw error;
  }
}
