// Two versions of a schema, place by place. References are followed, so that moving something into a component is no change.

import { canonicalText } from '#structures/json-schema/canonical.ts';
import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import { type JsonObject, resolved, type SchemaContent } from '../content.ts';
import { BOTH, Changes, CONSUMERS, NOBODY, type Path, PRODUCERS, type SchemaChange } from './changes.ts';
import { compareConstraints, compareText, type Pair } from './compare-constraints.ts';
import { type TypeName, viewOf } from './view.ts';

export interface Comparison {
  readonly breaksConsumers: boolean;
  readonly breaksProducers: boolean;
  readonly changes: readonly SchemaChange[];
}

export function compareContents(before: SchemaContent, after: SchemaContent): Comparison {
  const changes = new Changes();
  const comparer = new Comparer(before, after, changes);
  compareRoots(comparer, changes);
  const { found } = changes;
  return {
    breaksConsumers: found.some((change) => change.breaksConsumers),
    breaksProducers: found.some((change) => change.breaksProducers),
    changes: found,
  };
}

function compareRoots(comparer: Comparer, changes: Changes): void {
  const { before, after } = comparer;
  const kindOf = ({ event }: SchemaContent): string =>
    event === undefined ? '' : `${event.source} ${event.detailType}`;
  if (kindOf(before) !== kindOf(after)) {
    const sentence = `describes ${kindOf(after) || 'no certain event'}, before it was ${kindOf(before) || 'none'}`;
    changes.add([], { kind: 'kind-changed', ...BOTH, sentence });
  }
  if (before.root === undefined || after.root === undefined) {
    compareDefinitions(comparer, changes);
    return;
  }
  // A schema of the detail and one of the whole event are compared where both speak: in the detail.
  const [old, now] =
    before.describes === after.describes ? [before.root, after.root] : [detailOf(before), detailOf(after)];
  const isWhole = before.describes === 'event' && after.describes === 'event';
  comparer.compare(isWhole ? [] : ['detail'], old, now);
}

function detailOf(content: SchemaContent): unknown {
  if (content.describes === 'detail') return content.root;
  const properties = content.root === undefined ? undefined : memberOf(content.root, 'properties');
  return isObject(properties) ? memberOf(properties, 'detail') : undefined;
}

/** Documents of several schemas without a root: each under its name. */
function compareDefinitions({ before, after }: Comparer, changes: Changes): void {
  const names = new Set([...Object.keys(before.definitions), ...Object.keys(after.definitions)]);
  for (const name of [...names].sort()) {
    const [old, now] = [memberOf(before.definitions, name), memberOf(after.definitions, name)];
    const path = ['components', 'schemas', name];
    if (old === undefined) changes.add(path, { kind: 'field-added', ...NOBODY, sentence: 'is new' });
    else if (now === undefined) changes.add(path, { kind: 'field-removed', ...CONSUMERS, sentence: 'is gone' });
    else new Comparer(before, after, changes).compare(path, old, now);
  }
}

class Comparer {
  /** Pairs that are being compared: a schema may lead back to itself. */
  private readonly open = new Map<unknown, Set<unknown>>();

  constructor(
    readonly before: SchemaContent,
    readonly after: SchemaContent,
    private readonly changes: Changes,
  ) {}

  compare(path: Path, old: unknown, now: unknown): void {
    const [before, after] = [viewOf(this.before, old), viewOf(this.after, now)];
    const known = this.open.get(before.identity) ?? new Set();
    if (known.has(after.identity)) return;
    this.open.set(before.identity, known.add(after.identity));
    this.compareTypes(path, before.byType, after.byType);
    if (before.byType === undefined || after.byType === undefined) {
      for (const keyword of ['anyOf', 'oneOf', 'allOf', 'not', 'enum']) {
        compareText(this.changes, path, { before: before.schema, after: after.schema, keyword });
      }
    } else {
      for (const [type, schema] of before.byType) {
        const other = after.byType.get(type);
        if (other !== undefined) this.compareOfType(path, { before: schema, after: other }, type);
      }
    }
    known.delete(after.identity);
  }

  private compareTypes(path: Path, old: Types, now: Types): void {
    if (old === undefined && now === undefined) return;
    if (old === undefined || now === undefined) {
      const sentence = now === undefined ? 'may be of any type now' : `must be ${[...now.keys()].join(' or ')} now`;
      const kind = now === undefined ? 'type-added' : 'type-removed';
      this.changes.add(path, { kind, ...(now === undefined ? CONSUMERS : PRODUCERS), sentence });
      return;
    }
    for (const type of now.keys()) {
      const isKnown = old.has(type) || (type === 'integer' && old.has('number'));
      if (!isKnown) this.changes.add(path, { kind: 'type-added', ...CONSUMERS, sentence: `may be ${type} now` });
    }
    for (const type of old.keys()) {
      const isKept = now.has(type) || (type === 'integer' && now.has('number'));
      const sentence = `may not be ${type} any more`;
      if (!isKept) this.changes.add(path, { kind: 'type-removed', ...PRODUCERS, sentence });
    }
  }

  private compareOfType(path: Path, pair: Pair, type: TypeName): void {
    if (type === 'null') return;
    compareConstraints(this.changes, path, pair, type);
    if (type === 'array') this.compareItems(path, pair);
    if (type === 'object') this.compareObjects(path, pair);
  }

  private compareItems(path: Path, { before, after }: Pair): void {
    const [old, now] = [memberOf(before, 'items'), memberOf(after, 'items')];
    if (Array.isArray(old) || Array.isArray(now)) compareText(this.changes, path, { before, after, keyword: 'items' });
    else this.compare([...path, '*'], old ?? {}, now ?? {});
  }

  private compareObjects(path: Path, { before, after }: Pair): void {
    const [old, now] = [fieldsOf(before), fieldsOf(after)];
    const gone = [...old.keys()].filter((name) => !now.has(name));
    const fresh = new Set([...now.keys()].filter((name) => !old.has(name)));
    for (const name of gone) this.removed([...path, name], old.get(name) as FieldView, { now, fresh });
    for (const name of fresh) this.added([...path, name], now.get(name) as FieldView);
    for (const [name, field] of old) {
      const other = now.get(name);
      if (other === undefined) continue;
      this.compareRequired([...path, name], field, other);
      this.compare([...path, name], field.schema, other.schema);
    }
    this.compareOthers(path, { before, after });
  }

  /** A field of the same form under another name is told as what it probably is. */
  private removed(
    path: Path,
    field: FieldView,
    { now, fresh }: { readonly now: ReadonlyMap<string, FieldView>; readonly fresh: Set<string> },
  ): void {
    const text = textOf(this.before, field);
    const twin = [...fresh].find((name) => textOf(this.after, now.get(name) as FieldView) === text);
    if (twin === undefined || text === '') {
      const sentence = field.isRequired ? 'is gone' : 'is gone; it was not always there';
      this.changes.add(path, { kind: 'field-removed', ...CONSUMERS, sentence });
      return;
    }
    fresh.delete(twin);
    const who = field.isRequired ? BOTH : CONSUMERS;
    this.changes.add(path, { kind: 'field-renamed', ...who, sentence: `is gone; ${twin}, which is new, has its form` });
  }

  private added(path: Path, { isRequired }: FieldView): void {
    const sentence = isRequired ? 'is new and must be there' : 'is new';
    this.changes.add(path, { kind: 'field-added', ...(isRequired ? PRODUCERS : NOBODY), sentence });
  }

  private compareRequired(path: Path, before: FieldView, after: FieldView): void {
    if (before.isRequired === after.isRequired) return;
    const [kind, who, sentence] = after.isRequired
      ? (['field-required', PRODUCERS, 'must always be there now'] as const)
      : (['field-optional', CONSUMERS, 'may be missing now'] as const);
    this.changes.add(path, { kind, ...who, sentence });
  }

  private compareOthers(path: Path, { before, after }: Pair): void {
    const [old, now] = [
      memberOf(before, 'additionalProperties') ?? true,
      memberOf(after, 'additionalProperties') ?? true,
    ];
    if (old === now) return;
    if (isObject(old) && isObject(now)) {
      this.compare([...path, '*'], old, now);
      return;
    }
    const isNarrower = now === false || (isObject(now) && old === true);
    this.changes.add(path, {
      kind: isNarrower ? 'other-fields-forbidden' : 'other-fields-allowed',
      // Consumers ignore what they do not know; producers may have sent it.
      ...(isNarrower ? PRODUCERS : NOBODY),
      sentence: isNarrower ? 'may not have just any other fields now' : 'may have other fields now',
    });
  }
}

type Types = ReadonlyMap<TypeName, JsonObject> | undefined;

interface FieldView {
  readonly schema: unknown;
  readonly isRequired: boolean;
}

function fieldsOf(schema: JsonObject): ReadonlyMap<string, FieldView> {
  const properties = memberOf(schema, 'properties');
  const required = memberOf(schema, 'required');
  const names = new Set(Array.isArray(required) ? (required as unknown[]) : []);
  const fields = Object.entries(isObject(properties) ? properties : {});
  return new Map(fields.map(([name, own]) => [name, { schema: own, isRequired: names.has(name) }]));
}

/** Empty for what has no form to recognise it by. */
function textOf(content: SchemaContent, { schema, isRequired }: FieldView): string {
  const found = resolved(content, schema);
  if (found === undefined || Object.keys(found).length === 0) return '';
  return `${isRequired} ${canonicalText(found)}`;
}
