// Shard iterators: a place in a shard, for five minutes. They hold all they mean, so that they outlive a restart.

import { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { AwsError } from '#model/aws-error.ts';
import { clientError } from '#model/aws-error.ts';
import { ITERATOR_MS } from './limits.ts';
import { openBytes, sealBytes } from './sealed-text.ts';
import type { KinesisTurn } from './state.ts';

export interface ShardIterator {
  readonly stream: number;
  readonly shard: number;
  /** Of the first record that is wanted. */
  readonly place: number;
  /** Records that arrived before are left out: iterators for a time. 0 for the others. */
  readonly sinceMs: number;
  readonly issuedAtMs: number;
}

const PURPOSE = 'kinesis-iterator';
/** AWS's iterators begin with these bytes. */
const VERSION = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1]);

export function sealIterator(turn: Pick<KinesisTurn, 'digest' | 'secret'>, iterator: ShardIterator): string {
  const writer = new ByteWriter(64);
  writer.raw(VERSION);
  writer.u32(iterator.stream);
  writer.f64(iterator.shard);
  writer.f64(iterator.place);
  writer.f64(iterator.sinceMs);
  writer.f64(iterator.issuedAtMs);
  return sealBytes(turn, PURPOSE, writer.bytes);
}

/** Undefined for what was not given by this store. */
export function openIterator(turn: Pick<KinesisTurn, 'digest' | 'secret'>, text: string): ShardIterator | undefined {
  const content = openBytes(turn, PURPOSE, text);
  if (content === undefined) return undefined;
  const reader = new ByteReader(content);
  reader.skip(VERSION.length);
  const [stream, shard, place] = [reader.u32(), reader.f64(), reader.f64()];
  return { stream, shard, place, sinceMs: reader.f64(), issuedAtMs: reader.f64() };
}

export function expiry({ issuedAtMs }: ShardIterator, nowMs: number): AwsError | undefined {
  if (nowMs - issuedAtMs <= ITERATOR_MS) return undefined;
  const text =
    `Iterator expired. The iterator was created at time ${shownTime(issuedAtMs)} while right now it is ${shownTime(nowMs)} ` +
    `which is further in the future than the tolerated delay of ${ITERATOR_MS} milliseconds.`;
  return clientError('ExpiredIteratorException', text);
}

/** `Thu Jan 22 01:22:02 UTC 2015` */
function shownTime(ms: number): string {
  const [day, date, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
