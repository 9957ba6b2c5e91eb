// What happens to records before they are buffered for good: decompression, message extraction, splitting. AWS: Firehose developer guide,
// "Decompress CloudWatch Logs", "Extract message after decompression of CloudWatch Logs", "Apply dynamic partitioning to aggregated data".

import { gunzipSync } from 'node:zlib';
import type { FailedRecord, Preparation, Prepared } from '#services/firehose/performing.ts';
import { splitJson } from './json-values.ts';
import { type NumberedRecord, PackMaker, recordsOf } from './records.ts';

/** Of one record, and of all records of a job together: what inflates more is no log data. */
const RECORD_BYTES_MAX = 32 * 1024 * 1024;
const JOB_BYTES_MAX = 512 * 1024 * 1024;
/** AWS: "Record deaggregation by JSON or by delimiter is capped at 500 per record". A record with more stays whole. */
const PARTS_MAX = 500;

export function prepareRecords(input: Preparation, packs: readonly Uint8Array[]): Prepared {
  const maker = new PackMaker();
  const failed: FailedRecord[] = [];
  let bytes = 0;
  for (const record of recordsOf(packs)) {
    const data = partsOf(record, input, JOB_BYTES_MAX - bytes);
    if (!Array.isArray(data)) failed.push({ index: record.index, ...(data as Problem) });
    else {
      for (const one of data as Uint8Array[]) {
        bytes += one.length;
        maker.add({ ...record, data: one });
      }
    }
  }
  return { packs: maker.take(), failed };
}

type Problem = Pick<FailedRecord, 'code' | 'message'>;

function partsOf(record: NumberedRecord, input: Preparation, bytesLeft: number): readonly Uint8Array[] | Problem {
  let parts: readonly Uint8Array[] = [record.data];
  if (input.decompression) {
    const plain = decompressed(record.data, Math.min(RECORD_BYTES_MAX, bytesLeft));
    if ('code' in plain) return plain;
    if (input.messageExtraction) {
      const messages = messagesOf(plain);
      if ('code' in messages) return messages;
      parts = messages;
    } else parts = [plain];
  }
  const { splitting } = input;
  if (splitting === undefined) return parts;
  const delimiter = splitting.by === 'json' ? undefined : Buffer.from(splitting.delimiterBase64, 'base64');
  return parts.flatMap((part) => splitRecord(part, delimiter));
}

/** Records that are not gzip were not written by CloudWatch Logs: nobody compressed them. */
function decompressed(data: Uint8Array, bytesMax: number): Uint8Array | Problem {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  if (!isGzip) return data;
  try {
    return gunzipSync(data, { maxOutputLength: Math.max(bytesMax, 1) });
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    const why = isTooLarge ? 'it is too large' : 'it is damaged';
    return { code: 'Decompression.Failed', message: `The record could not be decompressed: ${why}.` };
  }
}

interface LogData {
  readonly messageType?: unknown;
  readonly logEvents?: unknown;
}

/** AWS: CloudWatch Logs user guide, "Subscription filters": CONTROL_MESSAGE only checks that the destination can be reached. */
function messagesOf(data: Uint8Array): readonly Uint8Array[] | Problem {
  const document = parsed(data);
  if (document?.messageType === 'CONTROL_MESSAGE') return [];
  if (document?.messageType !== 'DATA_MESSAGE' || !Array.isArray(document.logEvents)) {
    return { code: 'CloudWatchLogProcessing.Failed', message: 'The record is not data of CloudWatch Logs.' };
  }
  return document.logEvents.flatMap((event: { readonly message?: unknown } | null) =>
    typeof event?.message === 'string' ? [Buffer.from(event.message)] : [],
  );
}

function parsed(data: Uint8Array): LogData | undefined {
  try {
    const value = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString()) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function splitRecord(data: Uint8Array, delimiter: Uint8Array | undefined): readonly Uint8Array[] {
  const parts = delimiter === undefined ? splitJson(data, PARTS_MAX) : splitAt(data, delimiter);
  return parts === undefined || parts.length === 0 || parts.length > PARTS_MAX ? [data] : parts;
}

/** Empty parts are none: a delimiter at the end begins nothing. */
function splitAt(data: Uint8Array, delimiter: Uint8Array): readonly Uint8Array[] | undefined {
  if (delimiter.length === 0) return undefined;
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
  const parts: Uint8Array[] = [];
  let from = 0;
  while (from <= data.length && parts.length <= PARTS_MAX) {
    const found = buffer.indexOf(delimiter, from);
    const to = found < 0 ? data.length : found;
    if (to > from) parts.push(data.subarray(from, to));
    from = to + delimiter.length;
    if (found < 0) break;
  }
  return parts;
}
