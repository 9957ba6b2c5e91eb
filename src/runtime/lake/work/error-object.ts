// Objects of records that failed: one JSON text a line. AWS: Firehose developer guide, "Handle data delivery failures" (the members by
// destination) and "Handle errors for data format conversion".

import { joinBytes } from '#base/bytes.ts';
import type { ErrorObject, FailedRecord } from '#services/firehose/performing.ts';
import type { MadeBytes } from './job.ts';
import { made, type NumberedRecord, recordsOf } from './records.ts';

export function errorObject(input: ErrorObject, packs: readonly Uint8Array[]): MadeBytes {
  const reasons = input.failed === undefined ? undefined : new Map(input.failed.map((one) => [one.index, one]));
  const lines: Uint8Array[] = [];
  for (const record of recordsOf(packs)) {
    const reason = reasons === undefined ? input.everyRecord : reasons.get(record.index);
    if (reason !== undefined) lines.push(Buffer.from(`${JSON.stringify(lineOf(record, reason, input))}\n`));
  }
  return made(joinBytes(lines));
}

function lineOf(
  record: NumberedRecord,
  reason: Omit<FailedRecord, 'index'>,
  { attemptsMade, codeMember, messageMember, attemptEndedAtMs, hasSequence, members }: ErrorObject,
): Record<string, unknown> {
  const { source } = record;
  return {
    attemptsMade,
    arrivalTimestamp: record.arrivedAtMs,
    [codeMember]: reason.code,
    [messageMember]: reason.message,
    attemptEndingTimestamp: attemptEndedAtMs,
    rawData: Buffer.from(record.data.buffer, record.data.byteOffset, record.data.length).toString('base64'),
    ...(hasSequence
      ? { sequenceNumber: source?.sequenceNumber ?? null, subSequenceNumber: source?.subSequenceNumber ?? null }
      : {}),
    ...members,
    ...reason.members,
  };
}
