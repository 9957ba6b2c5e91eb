// What the batch operations have in common: checks of the whole request, then entries that succeed or fail one by one.

import type { AwsError } from '#model/aws-error.ts';
import type { BatchResultErrorEntry } from '#wire/generated/sqs.ts';
import * as errors from './errors.ts';
import { limits } from './limits.ts';

const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** What makes AWS refuse the whole batch. */
export function batchProblem(
  entries: readonly { readonly Id?: string | undefined }[] | undefined,
): AwsError | undefined {
  if (entries === undefined || entries.length === 0) return errors.emptyBatch();
  if (entries.length > limits.batchEntriesMax) return errors.tooManyEntries(limits.batchEntriesMax, entries.length);
  const seen = new Set<string>();
  for (const { Id: id = '' } of entries) {
    if (!ENTRY_ID.test(id)) return errors.invalidBatchEntryId();
    if (seen.has(id)) return errors.batchIdsNotDistinct(id);
    seen.add(id);
  }
  return undefined;
}

export function failedEntry(id: string | undefined, error: AwsError): BatchResultErrorEntry {
  const { code, queryCode, message, fault } = error;
  return { Id: id, SenderFault: fault === 'client', Code: queryCode ?? code, Message: message };
}
