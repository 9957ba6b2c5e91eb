// The parameters of a query-protocol request as a tree: `Attribute.1.Name=a` becomes Attribute -> 1 -> Name. Values of a shape are then
// read from the tree, so cost grows with what was sent, not with what could have been sent.

import type { Pair } from '../percent.ts';
import { DEPTH_MAX } from '../problems.ts';

export interface FormNode {
  value: string | undefined;
  children: Map<string, FormNode> | undefined;
}

export function formNode(): FormNode {
  return { value: undefined, children: undefined };
}

/** Undefined when a name is nested too deeply. Of a repeated name the first value counts, as AWS does with list elements. */
export function formTree(pairs: readonly Pair[]): FormNode | undefined {
  const root = formNode();
  for (const { name, value } of pairs) {
    const parts = name.split('.', DEPTH_MAX + 1);
    if (parts.length > DEPTH_MAX) return undefined;
    let node = root;
    for (const part of parts) {
      node.children ??= new Map();
      const child: FormNode = node.children.get(part) ?? formNode();
      node.children.set(part, child);
      node = child;
    }
    node.value ??= value;
  }
  return root;
}
