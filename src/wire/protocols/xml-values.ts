// XML <-> values of a shape: replies of the query protocol, both directions of REST-XML.
// Rules of names: a member's element is its `xmlName` or its own name; a list wraps its elements in `<member>` (or the list's element
// name), a flattened one repeats the member's element; a map wraps `<entry><key/><value/></entry>`, a flattened one repeats the pair.

import { type Compile, compiler, membersOf, type Shape } from '../compile.ts';
import type { Problems } from '../problems.ts';
import type { MemberSchema, StructureSchema } from '../schema.ts';
import { formatDateTime } from '../timestamps.ts';
import { escapeXml, type XmlElement } from '../xml-text.ts';
import { scalarReader, scalarWriter } from './scalars.ts';

/** Where a value stands: the element's name, whether list and map spread into their parent, the namespace of the element. */
interface Place {
  readonly name: string;
  readonly isFlattened: boolean;
  readonly attributes: string;
}

export type XmlWriter = (value: unknown, place: Place) => string;
/** Elements that belong to the value: one, or all repetitions of a flattened list. */
export type XmlReaderOf = (elements: readonly XmlElement[], isFlattened: boolean, problems: Problems) => unknown;

export function placeOf(name: string, member: MemberSchema): Place {
  const attributes = member.xmlNamespace === undefined ? '' : ` ${member.xmlNamespace}`;
  return { name: member.xmlName ?? name, isFlattened: member.xmlFlattened === true, attributes };
}

function element({ name, attributes }: Place, content: string): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

function listWriter(item: XmlWriter, member: MemberSchema): XmlWriter {
  return (value, place) => {
    const each = place.isFlattened ? { ...place, isFlattened: false } : placeOf('member', member);
    const items = (value as readonly unknown[]).map((entry) => item(entry, each)).join('');
    return place.isFlattened ? items : element(place, items);
  };
}

function mapWriter(shape: Shape & { type: 'map' }, writers: { key: XmlWriter; value: XmlWriter }): XmlWriter {
  const keyPlace = placeOf('key', shape.key);
  const valuePlace = placeOf('value', shape.value);
  return (value, place) => {
    const each = place.isFlattened
      ? { ...place, isFlattened: false }
      : { name: 'entry', isFlattened: false, attributes: '' };
    const entries = Object.entries(value as Record<string, unknown>)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => element(each, writers.key(key, keyPlace) + writers.value(entry, valuePlace)))
      .join('');
    return place.isFlattened ? entries : element(place, entries);
  };
}

function structureWriter(schema: StructureSchema, of: (member: MemberSchema) => XmlWriter): XmlWriter {
  const all = membersOf(schema).filter(([, member]) => !isBoundToHttp(member));
  const attributes = all.filter(([, member]) => member.xmlAttribute);
  const members = all
    .filter(([, member]) => !member.xmlAttribute)
    .map(([name, member]) => ({ name, place: placeOf(name, member), write: of(member) }));
  return (value, place) => {
    const fields = value as Record<string, unknown>;
    let content = '';
    for (const { name, place: inner, write } of members) {
      const field = fields[name];
      if (field !== undefined && field !== null) content += write(field, inner);
    }
    let own = place.attributes;
    for (const [name, member] of attributes) {
      if (fields[name] !== undefined) own += ` ${member.xmlName ?? name}="${escapeXml(String(fields[name]))}"`;
    }
    return element({ ...place, attributes: own }, content);
  };
}

/** Members that travel in the head of a REST message and not in its document. */
export function isBoundToHttp(member: MemberSchema): boolean {
  return (
    member.httpHeader !== undefined ||
    member.httpPrefixHeaders !== undefined ||
    member.httpQuery !== undefined ||
    member.httpQueryParams === true ||
    member.httpLabel === true ||
    member.httpResponseCode === true
  );
}

function writerWith(dateTime: (ms: number) => string): Compile<XmlWriter> {
  return compiler<XmlWriter>({
    build(shape, of) {
      if (shape.type === 'list') return listWriter(of(shape.member), shape.member);
      if (shape.type === 'map') return mapWriter(shape, { key: of(shape.key), value: of(shape.value) });
      if (shape.type === 'structure') return structureWriter(shape.schema, of);
      if (shape.type === 'unit') return (_value, place) => element(place, '');
      if (shape.type === 'timestamp' && (shape.format ?? 'date-time') === 'date-time') {
        return (value, place) => element(place, dateTime(value as number));
      }
      const write = scalarWriter(shape, 'date-time');
      return (value, place) => element(place, escapeXml(write(value)));
    },
    defer: (finished) => (value, place) => finished()(value, place),
  });
}

export const xmlWriter = writerWith(formatDateTime);
/** S3 keeps whole seconds and writes milliseconds all the same: `2026-11-23T06:38:00.000Z`, so that lists say what heads say. */
export const xmlWholeSecondWriter = writerWith((ms) => new Date(ms - (((ms % 1000) + 1000) % 1000)).toISOString());

function named(parent: XmlElement, name: string): readonly XmlElement[] {
  const local = name.slice(name.indexOf(':') + 1);
  return parent.children.filter((child) => child.name === local);
}

function structureReader(schema: StructureSchema, of: (member: MemberSchema) => XmlReaderOf): XmlReaderOf {
  const members = membersOf(schema)
    .filter(([, member]) => !isBoundToHttp(member))
    .map(([name, member]) => ({ name, member, place: placeOf(name, member), read: of(member) }));
  return ([only], _isFlattened, problems) => {
    const structure: Record<string, unknown> = {};
    if (only === undefined || !problems.enter()) return structure;
    for (const { name, member, place, read } of members) {
      const found = member.xmlAttribute ? attributeElements(only, place.name) : named(only, place.name);
      if (found.length > 0) structure[name] = read(found, place.isFlattened, problems);
    }
    problems.leave();
    return structure;
  };
}

function attributeElements(parent: XmlElement, name: string): readonly XmlElement[] {
  const text = parent.attributes.get(name);
  return text === undefined ? [] : [{ name, attributes: new Map(), children: [], text }];
}

function mapReader(shape: Shape & { type: 'map' }, value: XmlReaderOf): XmlReaderOf {
  const keyName = placeOf('key', shape.key).name;
  const valueName = placeOf('value', shape.value).name;
  return (elements, isFlattened, problems) => {
    const map: Record<string, unknown> = Object.create(null);
    const entries = isFlattened ? elements : elements.flatMap((wrapper) => named(wrapper, 'entry'));
    for (const entry of entries) {
      const key = named(entry, keyName)[0]?.text ?? '';
      map[key] = value(named(entry, valueName), false, problems);
    }
    return map;
  };
}

export const xmlReader = compiler<XmlReaderOf>({
  build(shape, of) {
    if (shape.type === 'structure') return structureReader(shape.schema, of);
    if (shape.type === 'map') return mapReader(shape, of(shape.value));
    if (shape.type === 'list') {
      const read = of(shape.member);
      const name = placeOf('member', shape.member).name;
      return (elements, isFlattened, problems) => {
        const items = isFlattened ? elements : elements.flatMap((wrapper) => named(wrapper, name));
        return items.map((item) => read([item], false, problems));
      };
    }
    const read = scalarReader(shape, 'date-time');
    return ([only], _isFlattened, problems) => {
      const value = only === undefined || only.children.length > 0 ? undefined : read(only.text);
      return value === undefined ? problems.note(undefined) : value;
    };
  },
  defer: (finished) => (elements, isFlattened, problems) => finished()(elements, isFlattened, problems),
});
