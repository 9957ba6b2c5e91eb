// Building a code binding. PutCodeBinding records the wish and answers CREATE_IN_PROGRESS; the build is a turn of its own that follows at once and says
// how it ended. The sources themselves are not stored: they follow from the version, which never changes, and are made again when they are fetched.

import { scopeOf } from '#model/scope.ts';
import { parseContent } from '../content.ts';
import type { BindingDoc, Language, VersionDoc } from '../documents.ts';
import { lookUpSchema, lookUpVersion } from '../find.ts';
import type { SchemasTurn } from '../state.ts';
import { goSources } from './go.ts';
import { javaSources } from './java.ts';
import { type BindingModel, BindingProblem, modelOf } from './model.ts';
import { pythonSources } from './python.ts';
import type { SourceFile } from './source-file.ts';
import { typescriptSources } from './typescript.ts';

/** Fired for a binding in progress; its subject is the binding's key. */
export const BINDING_TIMER = 'code-binding';

const GENERATORS: Readonly<Record<Language, (model: BindingModel) => readonly SourceFile[]>> = {
  Java8: javaSources,
  Python36: pythonSources,
  TypeScript3: typescriptSources,
  Go1: goSources,
};

export function sourcesOf(
  { content, type }: VersionDoc,
  schemaName: string,
  language: Language,
): { readonly sources: readonly SourceFile[] } | { readonly problem: string } {
  const parsed = parseContent(content, type);
  if ('problem' in parsed) return parsed;
  try {
    return { sources: GENERATORS[language](modelOf(parsed.content, schemaName)) };
  } catch (error) {
    if (error instanceof BindingProblem) return { problem: error.message };
    throw error;
  }
}

/** `key` is `account/region/registry/schema/version/language`. */
export function buildBinding(turn: SchemasTurn, key: string): void {
  const binding = turn.state.bindings.get(key);
  if (binding?.status !== 'CREATE_IN_PROGRESS') return;
  const [account = '', region = '', registry = '', name = ''] = key.split('/');
  const own = turn.within(scopeOf(account, region), turn.principal);
  const schema = lookUpSchema(own, registry, name);
  const version = schema === undefined ? undefined : lookUpVersion(own, schema, binding.version);
  if (version === undefined) return;
  const built = sourcesOf(version, name, binding.language);
  const ended: BindingDoc = { ...binding, modifiedAtMs: turn.nowMs, status: 'CREATE_COMPLETE' };
  const failed: BindingDoc = {
    ...ended,
    status: 'CREATE_FAILED',
    reason: 'problem' in built ? built.problem : undefined,
  };
  turn.put(turn.state.bindings, key, 'problem' in built ? failed : ended);
}
