// For tests: what the runtime does for objects that logs become, with their texts at hand. Not part of the product.

import { STORE_COMPRESSED, type StoredBody } from '#cell/objects-door.ts';
import type { Performer } from '#cell/ports.ts';
import type { TestCell } from '#cell/testing.ts';
import { nodeDigest } from '#runtime/digest.ts';

export class LogBlobs {
  private readonly texts = new Map<string, string>();
  private serial = 0;
  /** What making one fails with; undefined: it does not. */
  failure: string | undefined;

  get performers(): Readonly<Record<string, Performer>> {
    return {
      'list-blobs': async () => [],
      'delete-blobs': async () => {},
      [STORE_COMPRESSED]: async ({ payloads }) => this.store(Buffer.concat(payloads).toString()),
    };
  }

  private store(text: string): StoredBody {
    if (this.failure !== undefined) throw new Error(this.failure);
    this.serial += 1;
    const blob = `s3/log-${this.serial}`;
    this.texts.set(blob, text);
    return { blob, bytes: Buffer.byteLength(text), md5: nodeDigest.md5Hex(text), checksums: {} };
  }

  /** Keys of a bucket, without what makes them unique, and their lines. */
  async objects(cell: TestCell, Bucket: string): Promise<Readonly<Record<string, readonly string[]>>> {
    const { Contents = [] } = await cell.call<{ Contents?: { Key: string; ETag: string }[] }>('s3', 'ListObjectsV2', {
      Bucket,
    });
    const texts = new Map([...this.texts.values()].map((text) => [`"${nodeDigest.md5Hex(text)}"`, text]));
    return Object.fromEntries(
      Contents.map(({ Key, ETag }) => [
        Key.replace(/[0-9a-f]{16}\.gz$/, 'gz'),
        texts.get(ETag)?.trimEnd().split('\n') ?? [],
      ]),
    );
  }
}
