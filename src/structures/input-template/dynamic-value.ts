import { parseJsonPath, readJsonPath } from './json-path.ts';
import { stringValue } from './json-text.ts';

/**
 * A parameter's value, where the whole of it may be a path into a document of valid JSON: what it leads to as text, a string without its quotes. What is no
 * path stands for itself. Undefined: the path leads to nothing; null: to null.
 */
export function dynamicValue(value: string, document: string): string | null | undefined {
  const path = value.startsWith('$') ? parseJsonPath(value) : undefined;
  if (path === undefined) return value;
  const found = readJsonPath(document, path);
  if (found === 'null') return null;
  return found?.startsWith('"') ? stringValue(found) : found;
}
