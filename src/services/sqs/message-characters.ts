// Characters that a message's text may not have. AWS: SendMessage, MessageBody; "the value attribute has the same restrictions on the content as
// the message body" (MessageAttributeValue). Whoever receives by the query protocol could not read the whole reply: XML has no such characters.

/** What most texts have none of. Looking around each character for its other half takes three times as long. */
const SUSPICIOUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;
/** Control characters, U+FFFE, U+FFFF and halves of surrogate pairs. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** AWS's text, in the body's error and in the attributes'. */
export const FORBIDDEN_CHARACTERS_TEXT =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

export function hasForbiddenCharacters(text: string): boolean {
  return SUSPICIOUS.test(text) && FORBIDDEN.test(text);
}
