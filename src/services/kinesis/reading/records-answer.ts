// The answer of GetRecords, and the event of a subscription, which write themselves: up to ten thousand records whose base64 alone is megabytes.
// Members are there as well, for tests and for whoever calls the operation from inside.

import type { ChildShard, GetRecordsOutput, Record } from '#wire/generated/kinesis.ts';
import type { BodyPieces } from '#wire/http-message.ts';
import type { WrittenOutput } from '#wire/written-output.ts';
import { type RecordPage, recordsOf } from '../record-page.ts';
import type { Shard } from '../shard.ts';
import { type AnswerRest, CborForm } from './cbor-form.ts';
import { JsonForm } from './json-form.ts';
import { PageWriter, wholeOf } from './page-writer.ts';
import { recordView } from './record-view.ts';
import type { WrittenBatches } from './written-batches.ts';

interface PageOfShard {
  readonly shard: Shard;
  readonly page: RecordPage;
  readonly written: WrittenBatches;
}

export class RecordsAnswer implements WrittenOutput, GetRecordsOutput {
  constructor(
    private readonly of: PageOfShard,
    private readonly rest: AnswerRest,
  ) {}

  get Records(): readonly Record[] {
    return recordsOf(this.of.page).map((part) => recordView(this.of.shard, part));
  }

  get NextShardIterator(): string | undefined {
    return this.rest.NextShardIterator;
  }

  get ContinuationSequenceNumber(): string | undefined {
    return this.rest.ContinuationSequenceNumber;
  }

  get MillisBehindLatest(): number {
    return this.rest.MillisBehindLatest;
  }

  get ChildShards(): readonly ChildShard[] | undefined {
    return this.rest.ChildShards;
  }

  jsonPieces(): BodyPieces {
    const { shard, page, written } = this.of;
    return new PageWriter(page, new JsonForm(page, { shard, written, rest: this.rest }));
  }

  cborPieces(): BodyPieces {
    const { shard, page } = this.of;
    return new PageWriter(page, new CborForm(shard, page, this.rest));
  }

  writeJson(): Uint8Array {
    return wholeOf(this.jsonPieces());
  }

  writeCbor(): Uint8Array {
    return wholeOf(this.cborPieces());
  }
}
