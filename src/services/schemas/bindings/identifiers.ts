// Identifiers of each language from names of JSON: words, put together as the language does it, never a keyword, never one twice.

export type NameStyle = 'camel' | 'snake' | 'pascal';

/** For the fields of one class. */
export class Identifiers {
  private readonly taken: Set<string>;

  constructor(
    private readonly style: NameStyle,
    private readonly keywords: ReadonlySet<string>,
    taken: readonly string[] = [],
  ) {
    this.taken = new Set(taken);
  }

  of(name: string): string {
    const words = wordsOf(name);
    const plain = joined(words, this.style);
    const start = /^[A-Za-z]/.test(plain) ? plain : joined(['field', ...words], this.style);
    for (let i = 0; ; i += 1) {
      const suffix = i === 0 ? '' : `_${i}`;
      const keyword = this.keywords.has(start) ? '_' : '';
      const identifier = `${start}${keyword}${suffix}`;
      if (this.taken.has(identifier)) continue;
      this.taken.add(identifier);
      return identifier;
    }
  }
}

const LENGTH_MAX = 100;

function wordsOf(name: string): string[] {
  return name
    .slice(0, LENGTH_MAX)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
}

function joined(words: readonly string[], style: NameStyle): string {
  if (style === 'snake') return words.map((word) => word.toLowerCase()).join('_');
  return words
    .map((word, i) => {
      const lower = word.toLowerCase();
      return i === 0 && style === 'camel' ? lower : lower.slice(0, 1).toUpperCase() + lower.slice(1);
    })
    .join('');
}
