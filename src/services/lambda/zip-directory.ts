// A zip's table of contents, read far enough to know that the package can be unpacked and how large it will be. Unpacking
// itself is the runtime's.

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const COMMENT_BYTES_MAX = 65_535;

export interface ZipContents {
  readonly fileCount: number;
  readonly unpackedBytes: number;
}

/** Undefined when the bytes are not a whole zip file. */
export function readZipDirectory(zip: Uint8Array): ZipContents | undefined {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  if (end === undefined) return undefined;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let fileCount = 0;
  let unpackedBytes = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) return undefined;
    const nameBytes = view.getUint16(at + 28, true);
    const isFolder = nameBytes > 0 && zip[at + ENTRY_BYTES + nameBytes - 1] === 0x2f;
    if (!isFolder) fileCount += 1;
    unpackedBytes += view.getUint32(at + 24, true);
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return at <= end ? { fileCount, unpackedBytes } : undefined;
}

function findEnd(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_BYTES - COMMENT_BYTES_MAX);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return undefined;
}
