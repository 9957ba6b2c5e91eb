// PublishBatch: up to ten messages in one turn. AWS refuses the whole batch for what is wrong with its form (ids, attributes,
// message structure, groups and deduplication, total size); a text or subject that may not be fails its own entry alone.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type {
  BatchResultErrorEntry,
  PublishBatchInput,
  PublishBatchOutput,
  PublishBatchRequestEntry,
  PublishBatchResultEntry,
} from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import {
  batchEmpty,
  batchIdInvalid,
  batchIdsNotDistinct,
  batchIdTooLong,
  batchTooLong,
  batchTooMany,
  memberMissing,
  messageEmpty,
  subjectInvalid,
} from '../errors.ts';
import { BATCH_ENTRIES_MAX, BATCH_ID_LENGTH_MAX, MESSAGE_BYTES_MAX } from '../limits.ts';
import { type OutgoingMessage, readMessage, topicProblem } from '../outgoing-message.ts';
import { publish as publishTo } from '../publish.ts';
import type { SnsState, TopicDoc } from '../state.ts';

interface ReadEntry {
  readonly id: string;
  readonly message: OutgoingMessage | { readonly refused: AwsError };
}

export const publishBatch = operation<SnsState, PublishBatchInput, PublishBatchOutput>({
  authorize: onTopic('Publish', (input) => input.TopicArn),
  decide(turn, input): Reply<PublishBatchOutput> {
    const entries = input.PublishBatchRequestEntries ?? [];
    if (entries.length === 0) return refuse(batchEmpty());
    if (entries.length > BATCH_ENTRIES_MAX) return refuse(batchTooMany());
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const problem = idsProblem(entries) ?? topicProblems(found.topic, entries);
    if (problem !== undefined) return refuse(problem);
    const read = readEntries(entries);
    if ('code' in read) return refuse(read);
    const Successful: PublishBatchResultEntry[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    for (const { id, message } of read) {
      if (isRefused(message)) Failed.push(failedEntry(id, message.refused));
      else Successful.push({ Id: id, ...publishTo(turn, found, message) });
    }
    return { output: { Successful, Failed } };
  },
});

function idsProblem(entries: readonly PublishBatchRequestEntry[]): AwsError | undefined {
  const ids = new Set<string>();
  for (const [index, { Id: id }] of entries.entries()) {
    if (id === undefined) return memberMissing(`publishBatchRequestEntries.${index + 1}.member.id`);
    if (ids.has(id)) return batchIdsNotDistinct();
    ids.add(id);
  }
  for (const id of ids) {
    if (id.length > BATCH_ID_LENGTH_MAX) return batchIdTooLong(id);
    if (!/^[A-Za-z0-9_-]+$/.test(id)) return batchIdInvalid(id);
  }
  return undefined;
}

function topicProblems(topic: TopicDoc, entries: readonly PublishBatchRequestEntry[]): AwsError | undefined {
  for (const entry of entries) {
    const problem = topicProblem(topic, entry);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Texts of problems that concern one entry alone. */
const OWN_PROBLEMS = new Set([messageEmpty().message, subjectInvalid().message]);

function readEntries(entries: readonly PublishBatchRequestEntry[]): readonly ReadEntry[] | AwsError {
  const read: ReadEntry[] = [];
  let size = 0;
  for (const [index, entry] of entries.entries()) {
    const path = `publishBatchRequestEntries.${index + 1}.member.messageAttributes`;
    const message = readMessage(entry, path);
    if (isRefused(message) && !OWN_PROBLEMS.has(message.refused.message)) return message.refused;
    if (!isRefused(message)) size += message.size;
    read.push({ id: entry.Id ?? '', message });
  }
  return size > MESSAGE_BYTES_MAX ? batchTooLong() : read;
}

function failedEntry(id: string, { code, message }: AwsError): BatchResultErrorEntry {
  return { Id: id, Code: code, Message: message, SenderFault: true };
}
