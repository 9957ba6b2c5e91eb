// A page of uploads: by key, then by the time they began; with a delimiter rolled up like keys.

import { afterPrefix } from '#structures/ordered-map.ts';
import { uploadPlace } from './apply.ts';
import { orderedKey } from './key-order.ts';
import type { BucketContents, Upload } from './state.ts';

export interface UploadsQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly uploadIdMarker: string;
  readonly max: number;
}

export interface UploadsPage {
  readonly uploads: readonly Upload[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** Of the last one shown; a common prefix has no upload. */
  readonly last: { readonly key: string; readonly uploadId: string } | undefined;
}

export function listUploads(contents: BucketContents, query: UploadsQuery): UploadsPage {
  const { prefix, delimiter, max } = query;
  const uploads: Upload[] = [];
  const prefixes: string[] = [];
  let last: UploadsPage['last'];
  let start: string | undefined = startOf(contents, query);
  walk: while (start !== undefined) {
    const from: string = start;
    start = undefined;
    for (const { value: upload } of contents.uploads.from(from)) {
      if (!upload.key.startsWith(prefix)) break walk;
      if (uploads.length + prefixes.length === max) return { uploads, prefixes, isTruncated: true, last };
      const at = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
      if (at < 0) {
        uploads.push(upload);
        last = { key: upload.key, uploadId: upload.uploadId };
        continue;
      }
      const common = upload.key.slice(0, at + delimiter.length);
      prefixes.push(common);
      last = { key: common, uploadId: '' };
      start = afterPrefix(orderedKey(common));
      continue walk;
    }
  }
  return { uploads, prefixes, isTruncated: false, last };
}

/** AWS: after the key marker, or after the upload that both markers name; a common prefix as marker leads behind all of it. */
function startOf(contents: BucketContents, query: UploadsQuery): string | undefined {
  const { prefix, delimiter, keyMarker, uploadIdMarker } = query;
  const first = orderedKey(prefix);
  if (keyMarker === '') return first;
  const marked = uploadIdMarker === '' ? undefined : contents.uploadsById.get(uploadIdMarker);
  const isPrefix = delimiter !== '' && keyMarker.endsWith(delimiter) && uploadIdMarker === '';
  const behindKey = isPrefix ? afterPrefix(orderedKey(keyMarker)) : `${orderedKey(keyMarker)}\u0001`;
  const after = marked !== undefined && marked.key === keyMarker ? `${uploadPlace(marked)}\0` : behindKey;
  return after === undefined || after > first ? after : first;
}
