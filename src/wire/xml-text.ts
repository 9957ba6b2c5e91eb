// XML out by hand and XML in by a small strict parser. In: elements, attributes, text, CDATA, comments, the five named entities and
// character references; a DTD is refused, so there is nothing to expand. Size is bounded by the body, depth and element count here.

export interface XmlElement {
  /** Without its prefix: AWS's shapes do not tell namespaces apart. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, joined. */
  readonly text: string;
}

const DEPTH_MAX = 100;
const ELEMENTS_MAX = 100_000;

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// Control characters travel as references, or a reader would fold or drop them (AWS writes a carriage return as `&#xD;`).
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that need it.
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028\ufffe\uffff]/g;

export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (char) => ESCAPED[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`);
}

// What no document may hold as it is (XML 1.0, 2.2). As a reference it is read: so it is written here, and keys of objects may have it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The root element, or undefined when the text is not XML as above. */
export function parseXml(text: string): XmlElement | undefined {
  return FORBIDDEN.test(text) ? undefined : new XmlReader(text).document();
}

interface OpenElement {
  readonly name: string;
  readonly tag: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const TAG = /([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const CLOSE_END = /\s*>/y;

class XmlReader {
  private readonly source: string;
  private at = 0;
  private count = 0;
  private readonly open: OpenElement[] = [];
  private root: XmlElement | undefined;

  constructor(source: string) {
    this.source = source;
  }

  document(): XmlElement | undefined {
    if (this.source.charCodeAt(0) === 0xfeff) this.at = 1;
    while (this.at < this.source.length) {
      if (!this.step()) return undefined;
    }
    return this.open.length === 0 ? this.root : undefined;
  }

  /** Reads one piece of markup or text; false when it is not XML. */
  private step(): boolean {
    const next = this.source.indexOf('<', this.at);
    if (next !== this.at) return this.text(next < 0 ? this.source.length : next);
    if (this.source.startsWith('<!--', this.at)) return this.skip('-->', 4);
    if (this.source.startsWith('<![CDATA[', this.at)) return this.cdata();
    if (this.source.startsWith('<?', this.at)) return this.skip('?>', 2);
    // Any other `<!` would be a DTD: refused, there is no entity that a request could need.
    if (this.source.startsWith('<!', this.at)) return false;
    return this.source.startsWith('</', this.at) ? this.close() : this.start();
  }

  private skip(end: string, from: number): boolean {
    const found = this.source.indexOf(end, this.at + from);
    if (found < 0) return false;
    this.at = found + end.length;
    return true;
  }

  private text(end: number): boolean {
    const raw = this.source.slice(this.at, end);
    this.at = end;
    const element = this.open.at(-1);
    if (element === undefined) return raw.trim() === '';
    const text = unescapeXml(raw);
    if (text === undefined) return false;
    element.text += text;
    return true;
  }

  private cdata(): boolean {
    const element = this.open.at(-1);
    const start = this.at + 9;
    if (element === undefined || !this.skip(']]>', 9)) return false;
    element.text += this.source.slice(start, this.at - 3);
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  private start(): boolean {
    this.at += 1;
    const tag = this.match(TAG)?.[1];
    this.count += 1;
    if (tag === undefined || this.count > ELEMENTS_MAX || this.open.length >= DEPTH_MAX) return false;
    if (this.open.length === 0 && this.root !== undefined) return false;
    const attributes = new Map<string, string>();
    for (let found = this.match(ATTRIBUTE); found !== undefined; found = this.match(ATTRIBUTE)) {
      const value = unescapeXml(found[2] ?? found[3] ?? '');
      if (value === undefined || attributes.has(found[1]!)) return false;
      attributes.set(found[1]!, value);
    }
    const end = this.match(TAG_END);
    if (end === undefined) return false;
    const element: OpenElement = { name: withoutPrefix(tag), tag, attributes, children: [], text: '' };
    if (end[1] === '/') this.finish(element);
    else this.open.push(element);
    return true;
  }

  private close(): boolean {
    this.at += 2;
    const tag = this.match(TAG)?.[1];
    if (tag === undefined || this.match(CLOSE_END) === undefined) return false;
    const element = this.open.pop();
    if (element === undefined || element.tag !== tag) return false;
    this.finish(element);
    return true;
  }

  private finish({ name, attributes, children, text }: OpenElement): void {
    const element: XmlElement = { name, attributes, children, text };
    const parent = this.open.at(-1);
    if (parent === undefined) this.root = element;
    else parent.children.push(element);
  }
}

function withoutPrefix(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isValid = true;
  const plain = text.replace(/&([^;&]{0,10});?/g, (whole, name: string) => {
    const char = whole.endsWith(';') ? referenced(name) : undefined;
    if (char === undefined) isValid = false;
    return char ?? '';
  });
  return isValid ? plain : undefined;
}

function referenced(name: string): string | undefined {
  if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name];
  const found = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(name);
  if (found === null) return undefined;
  const code = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16);
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
