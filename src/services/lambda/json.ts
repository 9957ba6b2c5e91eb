import { utf8Decode } from '#base/bytes.ts';

export function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(utf8Decode(bytes));
    return true;
  } catch {
    // Not JSON: the caller is told.
    return false;
  }
}
