// The part of JSONPath that EventBridge and Pipes read: `$.detail.items[0].name`, `$.detail['x']`, wildcards `[*]` and `.*`. No filters, no slices, no
// deep scan. AWS: EventBridge user guide, "Input transformation": dot notation, dashes, underscores, alphanumeric characters, array indices,
// wildcards, forward slashes; API reference, Target.InputPath: "dot notation or bracket notation".

import { elementsOf, memberOf, membersOf, minified, type Span, valueAt } from './json-text.ts';

export type PathStep = { readonly key: string } | { readonly index: number } | { readonly isWildcard: true };

export interface JsonPath {
  readonly steps: readonly PathStep[];
  /** Without a wildcard: leads to one value at most, while the others lead to an array of what they find. */
  readonly isDefinite: boolean;
}

const STEP = /\.([^.[\]'"\s]+)|\[(\d+|\*)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Undefined when it is not a path, or one that asks for more than AWS's subset. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: PathStep[] = [];
  let isDefinite = true;
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const found = STEP.exec(text);
    if (found === null) return undefined;
    const [, name, bracket, single, double] = found;
    if (name === '*' || bracket === '*') {
      steps.push({ isWildcard: true });
      isDefinite = false;
    } else if (bracket !== undefined) steps.push({ index: Number(bracket) });
    else steps.push({ key: name ?? unescaped(single ?? double ?? '') });
  }
  return { steps, isDefinite };
}

/** JSON text of what the path leads to, without space; undefined when nothing is there. `document` is valid JSON. */
export function readJsonPath(document: string, path: JsonPath): string | undefined {
  let spans: readonly Span[] = [valueAt(document, 0)];
  for (const step of path.steps) {
    const next: Span[] = [];
    for (const span of spans) collect(document, { span, step, into: next });
    spans = next;
  }
  const found = spans.map(({ start, end }) => minified(document.slice(start, end)));
  return path.isDefinite ? found[0] : `[${found.join(',')}]`;
}

function collect(
  document: string,
  { span, step, into }: { readonly span: Span; readonly step: PathStep; readonly into: Span[] },
): void {
  if ('key' in step) {
    const member = memberOf(document, span, step.key);
    if (member !== undefined) into.push(member);
    return;
  }
  if ('index' in step) {
    let index = 0;
    for (const element of elementsOf(document, span)) {
      if (index === step.index) into.push(element);
      index += 1;
    }
    return;
  }
  for (const element of elementsOf(document, span)) into.push(element);
  for (const { value } of membersOf(document, span)) into.push(value);
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1');
}
