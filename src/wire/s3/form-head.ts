// The head of a form that a browser posts: its fields, up to the bytes of the file, which must be the last part that matters. AWS: S3 API
// reference, "POST Object": names of fields mean the same in any case; "Amazon S3 ignores" what stands behind the file.
// Form: RFC 7578, RFC 2046 (5.1.1).

import type { AwsError } from '#model/aws-error.ts';
import * as refusals from './refusals.ts';

export interface FormHead {
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  /** The file's own, without folders; empty where the client names none. */
  readonly fileName: string;
  /** Where the file's bytes begin. */
  readonly bytes: number;
}

/** AWS: "The form data and boundaries (excluding the contents of the file) cannot exceed 20 KB." */
const HEAD_BYTES_MAX = 20 * 1024;
const PART_HEADERS_END = '\r\n\r\n';

export function boundaryOf(contentType: string | undefined): string | undefined {
  const found = /^multipart\/form-data\s*;.*?\bboundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType ?? '',
  );
  return found?.[1] ?? found?.[2];
}

/** Each byte is a character: positions in the text are positions in the bytes. */
const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4_096) text += String.fromCharCode(...bytes.subarray(at, at + 4_096));
  return text;
};
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** `more`: the file has not begun. `isComplete`: no more bytes will come. */
export function readFormHead(bytes: Uint8Array, boundary: string, isComplete: boolean): FormHead | AwsError | 'more' {
  const text = latin1(bytes.subarray(0, HEAD_BYTES_MAX + 1));
  const fields = new Map<string, string>();
  const unfinished = (): AwsError | 'more' => {
    if (text.length > HEAD_BYTES_MAX) return refusals.formHeadTooLarge();
    return isComplete ? refusals.malformedForm() : 'more';
  };
  const first = `--${boundary}`;
  if (text.length < first.length + 2) return unfinished();
  let at = text.startsWith(first) ? first.length : -1;
  if (at < 0) {
    at = text.indexOf(`\r\n${first}`);
    if (at < 0) return unfinished();
    at += first.length + 2;
  }
  for (;;) {
    if (text.startsWith('--', at)) return refusals.oneFileOnly();
    const headersEnd = text.indexOf(PART_HEADERS_END, at);
    if (headersEnd < 0) return unfinished();
    const part = dispositionOf(text.slice(at, headersEnd));
    if (part === undefined) return refusals.malformedForm();
    const start = headersEnd + PART_HEADERS_END.length;
    if (part.name === 'file') return { fields, fileName: part.fileName, bytes: start };
    const end = text.indexOf(`\r\n${first}`, start - 2);
    if (end < 0 || end + first.length + 4 > text.length) return unfinished();
    fields.set(part.name, utf8.decode(bytes.subarray(start, Math.max(start, end))));
    at = end + first.length + 2;
  }
}

function dispositionOf(headers: string): { readonly name: string; readonly fileName: string } | undefined {
  const line = /^content-disposition\s*:\s*form-data(.*)$/im.exec(headers)?.[1];
  if (line === undefined) return undefined;
  const name = /;\s*name\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(line);
  if (name === null) return undefined;
  const file = /;\s*filename\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(line);
  const fileName = readable(file?.[1] ?? file?.[2] ?? '');
  return { name: readable(name[1] ?? name[2] ?? '').toLowerCase(), fileName: fileName.replace(/^.*[/\\]/s, '') };
}

/** Browsers send names in UTF-8. */
function readable(text: string): string {
  return utf8.decode(Uint8Array.from(text, (char) => char.charCodeAt(0)));
}
