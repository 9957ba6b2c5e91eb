// Records of clients, checked.

import type { AwsError } from '#model/aws-error.ts';
import { notPermittedOnSource, onlyFromLogs, validation } from './errors.ts';
import { RECORD_BYTES_MAX } from './limits.ts';
import { any, structure } from './settings/shape.ts';
import type { StreamContent } from './state.ts';
import { typeOf } from './views.ts';

export const RECORD = structure({ Data: any }, 'Data');

/** In the front end's words, which show no bytes. `path` is that of one record, or of the list. */
export function recordsProblem(data: readonly Uint8Array[], path: 'record' | 'records'): AwsError | undefined {
  const large = data.findIndex(({ length }) => length > RECORD_BYTES_MAX);
  if (large < 0) return undefined;
  const at = path === 'record' ? 'record.data' : `records.${large + 1}.member.data`;
  return validation(
    `1 validation error detected: Value at '${at}' failed to satisfy constraint: Member must have length less than or equal to ${RECORD_BYTES_MAX}`,
  );
}

/**
 * Nobody puts where a stream is the source. Where records are decompressed AWS takes those of CloudWatch Logs only; here whoever has some may put
 * them: what is refused is what is not compressed.
 */
export function whyNotPuttable({ doc, plan }: StreamContent, data: readonly Uint8Array[]): AwsError | undefined {
  if (doc.source !== undefined) return notPermittedOnSource(typeOf(doc));
  const isForLogs = plan.process?.preparation.decompression === true;
  return isForLogs && !data.every(isGzip) ? onlyFromLogs() : undefined;
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
