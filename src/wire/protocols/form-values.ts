// Values of a shape from the parameters of a query-protocol request. Names and indexes follow the AWS query protocol:
// `List.member.1`, flattened `List.1`; `Map.entry.1.key`, flattened `Attribute.1.Name`.
// Texts of wrong input: as AWS's query parser answers (recorded against SES, Route 53 and SQS in their emulators' tests).

import { compiler, membersOf, type Shape } from '../compile.ts';
import type { Problems } from '../problems.ts';
import type { MemberSchema, StructureSchema } from '../schema.ts';
import { type FormNode, formNode } from './form-tree.ts';
import { scalarReader } from './scalars.ts';

export type FormDecoder = (node: FormNode, problems: Problems, isFlattened: boolean) => unknown;

/** AWS pads gaps between indexes up to this many elements. */
const GAP_MAX = 10;
/** The largest index that AWS's parser takes (found by bisection in an emulator's test against SES). */
const INDEX_MAX = 214_748_369;

function scalarDecoder(shape: Shape): FormDecoder {
  const read = scalarReader(shape, 'date-time');
  const isText = shape.type === 'string';
  return (node, problems) => {
    if (node.children !== undefined) {
      return problems.note(
        isIndexed(node.children)
          ? 'Start of list found where not expected'
          : 'Start of structure or map found where not expected.',
      );
    }
    const text = node.value ?? '';
    if (isText) return text;
    // Clients leave a number or a flag empty when they mean that it is not given.
    if (text === '') return undefined;
    const value = read(text);
    // The text of a Java number format error, which AWS lets through.
    return value === undefined ? problems.note(`For input string: "${text.slice(0, 256)}"`) : value;
  };
}

function isIndexed(children: ReadonlyMap<string, FormNode>): boolean {
  for (const name of children.keys()) if (!/^\d+$/.test(name) && name !== 'member' && name !== 'entry') return false;
  return true;
}

/** Children in the order of their indexes, with gaps filled; undefined (and noted) when one is no index. */
function elementsOf(node: FormNode | undefined, problems: Problems): readonly FormNode[] | undefined {
  const found: { index: number; node: FormNode }[] = [];
  for (const [name, child] of node?.children ?? []) {
    const index = indexOf(name, problems);
    if (index === undefined) return undefined;
    found.push({ index, node: child });
  }
  found.sort((a, b) => a.index - b.index);
  const elements: FormNode[] = [];
  let previous = 0;
  for (const { index, node: child } of found) {
    const skipped = index - Math.max(previous, 1);
    if (skipped > GAP_MAX) {
      return problems.note(`Excessively sparse input would skip ${withThousands(skipped)} list elements`);
    }
    while (elements.length < index - 1) elements.push(formNode());
    elements.push(child);
    previous = index;
  }
  return elements;
}

function indexOf(name: string, problems: Problems): number | undefined {
  if (!/^\d+$/.test(name)) return problems.note('Start of list found where not expected');
  if (name === '0') return problems.note('0 is not a valid index');
  if (name.startsWith('0')) return problems.note('Value found where not expected');
  if (name.length > 9 || Number(name) > INDEX_MAX) return problems.note(`Index ${name.slice(0, 32)} is illegal`);
  return Number(name);
}

function withThousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function listDecoder(element: FormDecoder, member: MemberSchema): FormDecoder {
  const name = member.xmlName ?? 'member';
  return (node, problems, isFlattened) => {
    // `Names=` is how the protocol writes an empty list.
    if (node.children === undefined)
      return node.value === '' ? [] : problems.note('Unexpected list element termination');
    const holder = isFlattened ? node : (node.children.get(name) ?? node.children.get('member'));
    if (holder === undefined) return problems.note('Unexpected list element termination');
    if (holder.children === undefined && holder.value === '') return [];
    const elements = elementsOf(holder, problems) ?? [];
    return problems.enter()
      ? leave(
          elements.map((each) => element(each, problems, false)),
          problems,
        )
      : undefined;
  };
}

function leave<T>(value: T, problems: Problems): T {
  problems.leave();
  return value;
}

function mapDecoder(shape: Shape & { type: 'map' }, decode: { key: FormDecoder; value: FormDecoder }): FormDecoder {
  const keyName = shape.key.xmlName ?? 'key';
  const valueName = shape.value.xmlName ?? 'value';
  return (node, problems, isFlattened) => {
    const map: Record<string, unknown> = Object.create(null);
    if (node.children === undefined) {
      return node.value === '' ? map : problems.note('Expected map or null');
    }
    const holder = isFlattened ? node : node.children.get('entry');
    if (holder === undefined) return problems.note('Expected map or null');
    if (!problems.enter()) return undefined;
    for (const entry of elementsOf(holder, problems) ?? []) {
      const key = entry.children?.get(keyName)?.value;
      if (key === undefined) {
        problems.note(`The map entry has no ${keyName}`);
        continue;
      }
      const value = entry.children?.get(valueName);
      map[key] = value === undefined ? decode.value(formNode(), problems, false) : decode.value(value, problems, false);
    }
    return leave(map, problems);
  };
}

function structureDecoder(schema: StructureSchema, of: (member: MemberSchema) => FormDecoder): FormDecoder {
  const members = membersOf(schema).map(([name, member]) => {
    return { name, key: member.xmlName ?? name, isFlattened: member.xmlFlattened === true, decode: of(member) };
  });
  return (node, problems) => {
    const structure: Record<string, unknown> = {};
    if (node.children === undefined) {
      return node.value === undefined || node.value === '' ? structure : problems.note('Expected null');
    }
    if (!problems.enter()) return undefined;
    for (const { name, key, isFlattened, decode } of members) {
      const child = node.children.get(key);
      if (child === undefined) continue;
      const value = decode(child, problems, isFlattened);
      if (value !== undefined) structure[name] = value;
    }
    return leave(structure, problems);
  };
}

export const formDecoder = compiler<FormDecoder>({
  build(shape, of) {
    switch (shape.type) {
      case 'structure':
        return structureDecoder(shape.schema, of);
      case 'list':
        return listDecoder(of(shape.member), shape.member);
      case 'map':
        return mapDecoder(shape, { key: of(shape.key), value: of(shape.value) });
      case 'unit':
        return () => ({});
      default:
        return scalarDecoder(shape);
    }
  },
  defer: (finished) => (node, problems, isFlattened) => finished()(node, problems, isFlattened),
});
