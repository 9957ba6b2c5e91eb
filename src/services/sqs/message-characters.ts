// Characters that a message's text may not have. AWS: SendMessage, MessageBody; "the value attribute has the same restrictions on the content as
// the message body" (MessageAttributeValue). Whoever receives by the query protocol could not read the whole reply: XML has no such characters.

/** Control characters, U+FFFE and U+FFFF. */
const NEVER = String.raw`\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff`;
const HIGH_HALF = String.raw`[\ud800-\udbff]`;
const LOW_HALF = String.raw`[\udc00-\udfff]`;
/** These, and halves of surrogate pairs without the other half. */
const FORBIDDEN = new RegExp(`[${NEVER}]|${HIGH_HALF}(?!${LOW_HALF})|(?<!${HIGH_HALF})${LOW_HALF}`);
/** What most texts have none of: looking around each character for its other half takes three times as long. */
const SUSPICIOUS = new RegExp(`[${NEVER}\\ud800-\\udfff]`);

/** AWS's text, in the body's error and in the attributes'. */
export const FORBIDDEN_CHARACTERS_TEXT =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

export function hasForbiddenCharacters(text: string): boolean {
  return SUSPICIOUS.test(text) && FORBIDDEN.test(text);
}
