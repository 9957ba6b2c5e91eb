// What the facts of Firehose say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import { type FirehoseState, LANES } from './state.ts';

type Story = (fact: never, state: FirehoseState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: FirehoseState) => string): Story => story as Story;

/** By the fact's name; `state` gives names to delivery streams that still exist. */
export const stories: Readonly<Record<string, Story>> = {
  RecordsPut: told(
    facts.RecordsPut,
    ({ stream, records, bytes, lane }, state) =>
      `${counted(records, 'record')} of ${bytes} bytes put to ${nameOf(state, stream)}, waiting ${waitingFor(lane)}`,
  ),
  SourceRecordsRead: told(
    facts.SourceRecordsRead,
    ({ stream, shard, records, isEnd }, state) =>
      `${counted(records, 'record')} of ${shard} read by ${nameOf(state, stream)}${isEnd ? ', the shard is at its end' : ''}`,
  ),
  RecordsTransformed: told(
    facts.RecordsTransformed,
    ({ stream, records }, state) =>
      `${counted(records, 'record')} came out of the processing of ${nameOf(state, stream)}`,
  ),
  BatchEnded: told(facts.BatchEnded, ({ stream, lane, outcome, objects, keptBack }, state) => {
    const where = objects.length === 0 ? '' : `: ${objects.join(', ')}`;
    return `a batch of ${nameOf(state, stream)}${ofLane(lane)} was ${outcome}${where}${keptBackBy(keptBack)}`;
  }),
  RecordHandedOver: told(
    facts.RecordHandedOver,
    ({ stream, put }, state) => `became the record ${put} of ${nameOf(state, stream)}`,
  ),
  BatchFailed: told(
    facts.BatchFailed,
    ({ stream, lane, attempts, code, message, retryAtMs, isGivenUp }, state) =>
      `attempt ${attempts} of a batch of ${nameOf(state, stream)}${ofLane(lane)} failed (${code}: ${message}); ${
        isGivenUp ? 'it goes to the error bucket' : 'the next one'
      } at ${new Date(retryAtMs).toISOString()}`,
  ),
  BatchNarrowed: told(
    facts.BatchNarrowed,
    ({ stream, bytes }, state) =>
      `the destination of ${nameOf(state, stream)} took a part of a batch, ${bytes} bytes are left`,
  ),
  SplunkBatchSent: told(
    facts.SplunkBatchSent,
    ({ stream, ackId }, state) => `Splunk has a batch of ${nameOf(state, stream)} as ${ackId}, not yet indexed`,
  ),
  SplunkAsked: told(
    facts.SplunkAsked,
    ({ stream, askAtMs }, state) =>
      `Splunk has not indexed the batch of ${nameOf(state, stream)} yet; it is asked again ${new Date(askAtMs).toISOString()}`,
  ),
  CopyPlanned: told(
    facts.CopyPlanned,
    ({ stream, objects, manifestUrl }, state) =>
      `${counted(objects.length, 'object')} of ${nameOf(state, stream)} to be copied by ${manifestUrl}`,
  ),
  BufferBlockSealed: told(
    facts.BufferBlockSealed,
    ({ stream, count, storedBytes }, state) =>
      `${counted(count, 'pack')} of ${nameOf(state, stream)} left the journal for a block of ${storedBytes} bytes`,
  ),
  BufferBlockPostponed: told(
    facts.BufferBlockPostponed,
    ({ stream, reason }, state) => `a block of ${nameOf(state, stream)} was not written: ${reason}`,
  ),
  SourcePaused: told(
    facts.SourcePaused,
    ({ stream, code, message }, state) => `the source of ${nameOf(state, stream)} is not read (${code}: ${message})`,
  ),
};

function nameOf({ contents }: FirehoseState, number: number): string {
  return contents.get(number)?.doc.arn ?? `delivery stream ${number}, which was deleted since`;
}

/** What is not said of single records is said of the batch. */
function keptBackBy(keptBack: facts.KeptBack | undefined): string {
  if (keptBack === undefined) return '';
  const { given, dropped, failed } = keptBack;
  const some = (count: number) =>
    given === undefined ? counted(count, 'record') : `${count} of ${counted(given, 'record')}`;
  const parts = failed.map(({ code, message, count }) => `${some(count)} failed (${code}: ${message})`);
  if (dropped > 0) parts.unshift(`the function dropped ${some(dropped)}`);
  return parts.map((part) => `; ${part}`).join('');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function waitingFor(lane: number): string {
  return LANES[lane] === 'process' ? 'to be processed' : 'for the destination';
}

function ofLane(lane: number): string {
  return lane === LANES.indexOf('deliver')
    ? ''
    : lane === LANES.indexOf('backup')
      ? ' for the backup'
      : ' in processing';
}
