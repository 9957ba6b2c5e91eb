// What the lists of keys and versions share: limits of a page, and texts in URL encoding where the client asks for it.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { invalidArgument } from './errors.ts';
import { LIST_KEYS_MAX } from './limits.ts';

export function readMax(value: number | undefined, name: string): number | Refused {
  if (value === undefined) return LIST_KEYS_MAX;
  if (!Number.isInteger(value) || value < 0 || value > 2_147_483_647) {
    const text = `Argument ${name} must be an integer between 0 and 2147483647`;
    return refuse(invalidArgument(name, String(value), text));
  }
  return Math.min(value, LIST_KEYS_MAX);
}

export function encodingProblem(encoding: string | undefined): AwsError | undefined {
  if (encoding === undefined || encoding === 'url') return undefined;
  return invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
}

/** AWS: "An object key can contain any Unicode character; however, the XML 1.0 parser cannot parse some characters": then the list is encoded. */
export function encoder(encoding: string | undefined): <T extends string | undefined>(text: T) => T {
  return encoding === 'url'
    ? (text) => (text === undefined ? text : (urlEncoded(text) as typeof text))
    : (text) => text;
}

/** As AWS's lists and events have it: a slash stays, a space becomes `+`. */
export function urlEncoded(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'))
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
