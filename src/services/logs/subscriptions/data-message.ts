// What a destination gets: log events as JSON, compressed. Source: CloudWatch Logs user guide, "Real-time processing of log data with subscriptions", "Subscription
// filters with Kinesis Data Streams / Lambda / Firehose". The control message is as destinations have shown it in public articles.

import { utf8Encode, utf8Length } from '#base/bytes.ts';
import { gzip } from '#base/gzip.ts';
import type { SubscriptionFilterDoc } from './documents.ts';

export interface ShippedEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
  /** By a space-delimited pattern's names. */
  readonly extractedFields?: Readonly<Record<string, string>>;
}

/** Of texts in one record: with what JSON adds, and if nothing can be compressed, below the 1 MB of a record. */
const RECORD_TEXT_BYTES_MAX = 480 * 1024;
const EVENT_FRAME_BYTES = 120;

export function dataMessage(
  { account, groupName, name }: SubscriptionFilterDoc,
  logStream: string,
  logEvents: readonly ShippedEvent[],
): Uint8Array {
  return compressed({
    messageType: 'DATA_MESSAGE',
    owner: account,
    logGroup: groupName,
    logStream,
    subscriptionFilters: [name],
    logEvents,
  });
}

export function controlMessage(vendor: 'kinesis' | 'firehose', nowMs: number): Uint8Array {
  const what = vendor === 'kinesis' ? 'Kinesis stream' : 'Firehose';
  const message = `CWL CONTROL MESSAGE: Checking health of destination ${what}.`;
  return compressed({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [{ id: '', timestamp: nowMs, message }],
  });
}

function compressed(message: object): Uint8Array {
  return gzip(utf8Encode(JSON.stringify(message)));
}

/** Events in order, in as few records as their sizes allow. */
export function recordsOf(events: readonly ShippedEvent[]): readonly (readonly ShippedEvent[])[] {
  const records: ShippedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = utf8Length(event.message) + EVENT_FRAME_BYTES;
    const last = records[records.length - 1];
    if (last === undefined || bytes + size > RECORD_TEXT_BYTES_MAX) {
      records.push([event]);
      bytes = size;
    } else {
      last.push(event);
      bytes += size;
    }
  }
  return records;
}
