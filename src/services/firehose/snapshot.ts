// What waits in lanes, and how far sources were read, as snapshot bytes. Documents are the kernel's; what a lane's first batch has gone through is
// rare, and JSON.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import {
  type FirehoseState,
  LANES,
  type Lane,
  type LaneName,
  laneNumber,
  laneOf,
  type StreamContent,
} from './state.ts';

const SECTION = 'streams';

export const snapshot: NonNullable<ServiceDefinition<FirehoseState>['snapshot']> = {
  write(state, section) {
    const writer = section(SECTION);
    writer.varint(state.nextNumber);
    writer.varint(state.contents.size);
    for (const content of state.contents.values()) writeContent(writer, content);
  },
  /** The documents have made empty streams. */
  read(state, section) {
    const reader = section(SECTION);
    if (reader === undefined) return;
    state.nextNumber = Math.max(state.nextNumber, reader.varint());
    for (let left = reader.varint(); left > 0; left -= 1) readContent(reader, state);
  },
};

function writeContent(writer: ByteWriter, { number, shards, lanes }: StreamContent): void {
  writer.varint(number);
  writer.varint(shards.size);
  for (const [shard, { next, isEnd }] of shards) {
    writer.text(shard);
    writer.varint(next);
    writer.u8(isEnd ? 1 : 0);
  }
  writer.varint(lanes.size);
  for (const lane of lanes.values()) {
    writer.varint(laneNumber(lane.name));
    lane.log.encode(writer);
    const { held, trouble, splunk, copy } = lane;
    writer.text(JSON.stringify({ held, trouble, splunk, copy }));
  }
}

type Rare = Partial<Pick<Lane, 'held' | 'trouble' | 'splunk' | 'copy'>>;

function readContent(reader: ByteReader, { contents }: FirehoseState): void {
  const content = contents.get(reader.varint());
  if (content === undefined) throw new Error('a stream of the snapshot has its document');
  for (let left = reader.varint(); left > 0; left -= 1) {
    content.shards.set(reader.text(), { next: reader.varint(), isEnd: reader.u8() === 1 });
  }
  for (let left = reader.varint(); left > 0; left -= 1) {
    const lane = laneOf(content, LANES[reader.varint()] as LaneName);
    lane.log.restore(reader);
    Object.assign(lane, JSON.parse(reader.text()) as Rare);
  }
}
