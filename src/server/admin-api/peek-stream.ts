// `/_eddy/peek?stream=…`: the newest records of a stream as they are stored, oldest first. No iterator moves, nothing is journaled.

import { parseArn } from '#model/arn.ts';
import { streamKey } from '#services/kinesis/documents.ts';
import { sequenceNumber } from '#services/kinesis/sequence-number.ts';
import type { Shard, Stream } from '#services/kinesis/shard.ts';
import type { KinesisState } from '#services/kinesis/state.ts';
import { keptSinceMs } from '#services/kinesis/trim.ts';
import { storedRecords } from '../explain/stored-record.ts';
import type { PeekContext } from './context.ts';
import type { PeekedRecord, StreamPeekAnswer } from './contract.ts';
import { AdminRefusal } from './router.ts';

/** Of a stream with thousands, those with the newest records. */
const SHARDS_MAX = 50;

/** `named`: an ARN. */
export async function peekStream({ cell }: PeekContext, named: string, limit: number): Promise<StreamPeekAnswer> {
  const stream = findStream(cell.registry.services.get('kinesis')?.state as KinesisState, named);
  const shards = [...stream.shards.values()].filter(({ log }) => log.endPlace > log.firstPlace);
  shards.sort((one, other) => newestMs(other) - newestMs(one));
  const found: (PeekedRecord & { readonly atMs: number })[] = [];
  for (const shard of shards.slice(0, SHARDS_MAX)) {
    const from = Math.max(shard.log.firstPlace, shard.log.endPlace - limit);
    for (const { atMs, place, partitionKey, data } of await storedRecords(cell, shard, { from, countMax: limit })) {
      if (atMs < keptSinceMs(stream, cell.nowMs)) continue;
      const shown = shownData(data);
      const number = String(sequenceNumber(shard.doc, place, atMs));
      found.push({ atMs, arrivedAt: new Date(atMs).toISOString(), sequenceNumber: number, partitionKey, ...shown });
    }
  }
  found.sort((one, other) => one.atMs - other.atMs || (one.sequenceNumber < other.sequenceNumber ? -1 : 1));
  return { streamArn: stream.doc.arn, records: found.slice(-limit).map(({ atMs: _, ...record }) => record) };
}

function findStream(state: KinesisState, named: string): Stream {
  const arn = parseArn(named);
  const name = /^stream\/([^/]+)$/.exec(arn?.resource ?? '')?.[1];
  const doc = arn === undefined || name === undefined ? undefined : state.streams.get(streamKey(arn, name));
  const stream = doc === undefined ? undefined : state.contents.get(doc.number);
  if (stream === undefined) throw new AdminRefusal(404, `There is no stream ${named.slice(0, 200)}.`);
  return stream;
}

function newestMs({ log }: Shard): number {
  const { count } = log.fresh;
  return count > 0 ? log.fresh.at(count - 1).atMs : (log.blocks.at(-1)?.lastAtMs ?? 0);
}

/** Text where it is some, base64 otherwise. */
function shownData(data: Uint8Array): Pick<PeekedRecord, 'data' | 'isBase64'> {
  try {
    return { data: new TextDecoder('utf-8', { fatal: true }).decode(data), isBase64: false };
  } catch {
    return { data: Buffer.from(data).toString('base64'), isBase64: true };
  }
}
