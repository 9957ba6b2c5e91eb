// Records come in: one pack, one fact, whatever their number. The pack's timer decides when the buffer is looked at (apply.ts).

import { RecordsPut } from './facts.ts';
import { encodePack, type FirehoseRecord } from './record-pack.ts';
import { type FirehoseTurn, LANES, type LaneName, laneNumber, type StreamContent } from './state.ts';

/** Ids of the records, in their order. AWS's are opaque texts; these begin with a UUID that `eddy explain` finds. */
export function putRecords(turn: FirehoseTurn, content: StreamContent, data: readonly Uint8Array[]): readonly string[] {
  const atMs = turn.nowMs;
  const records: readonly FirehoseRecord[] = data.map((bytes) => ({ arrivedAtMs: atMs, data: bytes }));
  const payload = turn.storePayload(encodePack(records));
  const put = turn.uuid();
  turn.record(RecordsPut, {
    stream: content.number,
    payload,
    records: records.length,
    bytes: bytesOf(records),
    atMs,
    ...entryOf(content),
    ...numbersOf(content),
    put,
  });
  return data.map((_bytes, i) => (data.length === 1 ? put : `${put}-${String(i).padStart(3, '0')}`));
}

export function bytesOf(records: readonly FirehoseRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.length, 0);
}

/** Where records begin their way. */
export function entryOf({ plan }: StreamContent): { readonly lane: number; readonly hasBackup: boolean } {
  const lane: LaneName = plan.process === undefined ? 'deliver' : 'process';
  return { lane: laneNumber(lane), hasBackup: plan.backup !== undefined };
}

/** Of the pack that comes next. */
export function numbersOf(content: StreamContent): {
  readonly sequence: number;
  readonly backupSequence: number | undefined;
} {
  const { lane, hasBackup } = entryOf(content);
  const next = (name: LaneName): number => content.lanes.get(name)?.log.nextSequence ?? 0;
  return { sequence: next(LANES[lane] as LaneName), backupSequence: hasBackup ? next('backup') : undefined };
}
