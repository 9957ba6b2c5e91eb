// Records that channels of their stream wrote into objects: the first advance past a record has it, with its objects in the same entry.

import type { Cell } from '#cell/cell.ts';
import type { KinesisState } from '#services/kinesis/state.ts';
import type { S3State } from '#services/s3/state.ts';
import { type FollowedEntry, isFact, kindNeedles, stateOf } from './followed-entry.ts';
import type { ObjectTrail } from './object-trail.ts';
import type { RecordTrail } from './record-trail.ts';
import type { TrailFact } from './trail.ts';

export class ChannelTrail {
  /** Channels that have passed a record, by channel, shard and place. */
  private readonly passed = new Set<string>();
  private readonly mine = new Set<TrailFact>();

  constructor(
    private readonly cell: Cell,
    private readonly trails: { readonly records: RecordTrail; readonly objects: ObjectTrail },
  ) {}

  get needles(): readonly Buffer[] {
    const { records } = this.trails.records;
    return records.length === 0 ? [] : kindNeedles(this.cell, new Set(['kinesis.ChannelAdvanced']));
  }

  /** Before the other trails: objects of followed records are followed, too. */
  learn({ facts }: FollowedEntry): void {
    for (const each of this.trails.records.records.length === 0 ? [] : facts) {
      if (!isFact(each, 'kinesis.ChannelAdvanced') || !this.hasPassed(each.fact)) continue;
      this.mine.add(each);
      for (const { fact } of facts.filter((one) => isFact(one, 's3.ObjectPut'))) {
        const bucket = stateOf<S3State>(this.cell, 's3')?.buckets.by('byId', String(fact['bucket']))[0]?.name;
        if (bucket !== undefined) this.trails.objects.add(bucket, String(fact['key']), false);
      }
    }
  }

  follow(own: Set<TrailFact>): void {
    for (const each of this.mine) own.add(each);
    this.mine.clear();
  }

  private hasPassed(fact: TrailFact['fact']): boolean {
    const { channel, shard, next } = fact as {
      readonly channel: number;
      readonly shard: number;
      readonly next: number;
    };
    const doc = stateOf<KinesisState>(this.cell, 'kinesis')?.channels.byNumber(channel);
    if (doc === undefined) return false;
    let isOwn = false;
    for (const record of this.trails.records.records) {
      const key = `${channel}/${shard}/${record.place}`;
      const isOfShard = record.stream.doc.number === doc.stream && record.shard.doc.index === shard;
      const isEarlier = (record.atMs ?? record.seconds * 1000) < doc.createdAtMs;
      if (!isOfShard || isEarlier || record.place >= next || this.passed.has(key)) continue;
      this.passed.add(key);
      isOwn = true;
    }
    return isOwn;
  }
}
