// Keys in the order of their UTF-8 bytes. AWS: S3 user guide, "Listing object keys programmatically": "list results are always returned in
// UTF-8 binary order". Texts compare by UTF-16 code unit here, which differs where one key has a character beyond U+FFFF and the other one from
// U+E000 on: such units change places. The change is one to one and by unit, so prefixes stay prefixes.

const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;
const HIGH = /[\ud800-\uffff]/;

/** The key as the index holds it. */
export function orderedKey(key: string): string {
  return HIGH.test(key) ? mapped(key, (code) => (code < AFTER_SURROGATES ? code + 0x2000 : code - 0x800)) : key;
}

/** The key as clients know it. */
export function shownKey(ordered: string): string {
  return HIGH.test(ordered) ? mapped(ordered, (code) => (code >= 0xf800 ? code - 0x2000 : code + 0x800)) : ordered;
}

function mapped(text: string, change: (code: number) => number): string {
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    result += code < SURROGATES ? text[i] : String.fromCharCode(change(code));
  }
  return result;
}
