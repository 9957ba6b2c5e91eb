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

/** Who may put: nobody where a stream is the source, and only CloudWatch Logs where its records are decompressed. */
export function whyNotPuttable({ doc, plan }: StreamContent): AwsError | undefined {
  if (doc.source !== undefined) return notPermittedOnSource(typeOf(doc));
  return plan.process?.preparation.decompression === true ? onlyFromLogs() : undefined;
}
