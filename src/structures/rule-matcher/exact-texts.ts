// From a path and a text that stands there to the rules that ask for it. Few paths, many texts: each path is looked up in an event once.

/** A field and the texts of which it must have one. */
export interface FieldTexts {
  /** With dots. */
  readonly path: string;
  readonly texts: readonly string[];
}

/** Most texts lead to one rule: a list would cost several times as much. */
type Rules = number | number[];

/** Deeper than this nothing is looked for; patterns match no deeper either. */
const LEVELS_MAX = 1_000;

/** A path that no event is looked up for yet costs each event a look-up: it is taken when others lead to as many rules. */
const NEW_PATH_COST = 8;

export class TextIndex {
  private readonly paths = new Map<string, Map<string, Rules>>();

  /** Rules that the texts lead to already, and a new path's price. */
  costOf({ path, texts }: FieldTexts): number {
    const known = this.paths.get(path);
    if (known === undefined) return NEW_PATH_COST;
    let cost = 0;
    for (const text of texts) {
      const rules = known.get(text);
      cost += rules === undefined ? 0 : typeof rules === 'number' ? 1 : rules.length;
    }
    return cost;
  }

  add(rule: number, { path, texts }: FieldTexts): void {
    let known = this.paths.get(path);
    if (known === undefined) {
      known = new Map();
      this.paths.set(path, known);
    }
    for (const text of new Set(texts)) {
      const rules = known.get(text);
      if (rules === undefined) known.set(text, rule);
      else if (typeof rules === 'number') known.set(text, [rules, rule]);
      else rules.push(rule);
    }
  }

  remove(rule: number, { path, texts }: FieldTexts): void {
    const known = this.paths.get(path);
    if (known === undefined) return;
    for (const text of new Set(texts)) {
      const rules = known.get(text);
      if (rules === rule) known.delete(text);
      else if (typeof rules === 'object') withoutOne(known, { text, rules, rule });
    }
    if (known.size === 0) this.paths.delete(path);
  }

  /** The rules that the event's texts lead to. */
  collect(event: unknown): ReadonlySet<number> {
    const into = new Set<number>();
    for (const [path, known] of this.paths) this.collectAt(event, { rest: path, known, into, level: 0 });
    return into;
  }

  private collectAt(value: unknown, walk: Walk): void {
    const { rest, known, into, level } = walk;
    if (typeof value === 'string') {
      if (rest !== '') return;
      const rules = known.get(value);
      if (typeof rules === 'number') into.add(rules);
      else if (rules !== undefined) for (const rule of rules) into.add(rule);
      return;
    }
    if (typeof value !== 'object' || value === null || level > LEVELS_MAX) return;
    if (Array.isArray(value)) {
      for (const element of value) this.collectAt(element, { ...walk, level: level + 1 });
      return;
    }
    const object = value as Readonly<Record<string, unknown>>;
    // A dot in a key and a step into an object are the same.
    for (let dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.', dot + 1)) {
      const key = rest.slice(0, dot);
      if (Object.hasOwn(object, key))
        this.collectAt(object[key], { ...walk, rest: rest.slice(dot + 1), level: level + 1 });
    }
    if (rest !== '' && Object.hasOwn(object, rest))
      this.collectAt(object[rest], { ...walk, rest: '', level: level + 1 });
  }
}

interface Walk {
  readonly rest: string;
  readonly known: ReadonlyMap<string, Rules>;
  readonly into: Set<number>;
  readonly level: number;
}

function withoutOne(
  known: Map<string, Rules>,
  { text, rules, rule }: { readonly text: string; readonly rules: number[]; readonly rule: number },
): void {
  const left = rules.filter((each) => each !== rule);
  if (left.length === 0) known.delete(text);
  else known.set(text, left.length === 1 ? (left[0] as number) : left);
}
