// Patterns of rules, compiled once: compiled forms are not kept beside the matcher, which has its own.

import { compileEventPattern, type EventPattern } from '#structures/event-pattern/event-pattern.ts';
import type { RulesState } from './state.ts';

export function compiledPattern(
  state: RulesState,
  text: string,
): { readonly pattern: EventPattern } | { readonly problem: string } {
  if (state.lastCompiled?.text === text) return state.lastCompiled;
  const compiled = compileEventPattern(text);
  if ('pattern' in compiled) state.lastCompiled = { text, pattern: compiled.pattern };
  return compiled;
}
