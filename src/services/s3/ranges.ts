// The Range header. AWS: GetObject takes one range (RFC 9110, 14.1.2); what is no range of bytes is ignored, as the RFC has it.

const RANGE = /^bytes=(\d*)-(\d*)$/;

export interface ByteRange {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** Undefined: the whole object. Unsatisfiable: nothing of it is in the object. */
export function parseRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const found = RANGE.exec(header?.trim().replaceAll(' ', '') ?? '');
  if (found === null) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') return suffix(Number(last), bytes);
  const from = Number(first);
  const to = last === '' ? bytes : Math.min(Number(last) + 1, bytes);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= bytes ? 'unsatisfiable' : { from, to };
}

function suffix(length: number, bytes: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || bytes === 0) return 'unsatisfiable';
  return { from: Math.max(bytes - length, 0), to: bytes };
}
