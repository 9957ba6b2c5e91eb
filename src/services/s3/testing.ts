// A cell with buckets for decision tests of S3, and bodies as the gateway would have stored them. Not part of the product.

import type { StoredBody } from '#cell/objects-door.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { type CallOptions, type TestCell, type TestCellOptions, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { s3 } from './service.ts';

let serial = 0;

/** A body whose blob has the next name. */
export function bodyOf(text: string, checksums: StoredBody['checksums'] = {}): StoredBody {
  serial += 1;
  const blob = `s3/00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
  return { blob, bytes: Buffer.byteLength(text), md5: nodeDigest.md5Hex(text), checksums };
}

/** A body of a size, without its bytes. */
export function bodyOfSize(bytes: number): StoredBody {
  return { ...bodyOf(`a body of ${bytes} bytes`), bytes };
}

export class S3Cell {
  constructor(
    readonly cell: TestCell,
    readonly deleted: string[],
  ) {}

  /** Calls an operation of S3; throws when it is refused. */
  call<O = Record<string, unknown>>(operation: string, input: object, options?: CallOptions): Promise<O> {
    return this.cell.call<O>('s3', operation, { Bucket: 'orders', ...input }, options);
  }

  /** Status and code of the refusal. */
  async refusal(operation: string, input: object, options?: CallOptions): Promise<string> {
    const reply = await this.cell.reply('s3', operation, { Bucket: 'orders', ...input }, options);
    return 'refused' in reply ? `${reply.refused.status} ${reply.refused.code}` : 'not refused';
  }

  put(Key: string, text = Key, input: object = {}): Promise<{ ETag: string; VersionId?: string }> {
    return this.call('PutObject', { Key, Body: bodyOf(text), ...input });
  }

  async keys(input: object = {}): Promise<string[]> {
    const listed = await this.call<{ Contents: { Key: string }[] }>('ListObjectsV2', input);
    return listed.Contents.map(({ Key }) => Key);
  }

  async restart(options?: { clean: boolean }): Promise<S3Cell> {
    return new S3Cell(await this.cell.restart(options), this.deleted);
  }
}

export interface S3CellOptions extends Omit<TestCellOptions, 'services'> {
  readonly others?: readonly ServiceDefinition[];
  /** Blobs that are in the store when it starts. */
  readonly blobs?: readonly string[];
}

/** With the bucket `orders`. */
export async function s3Cell({ others = [], blobs = [], ...options }: S3CellOptions = {}): Promise<S3Cell> {
  const deleted: string[] = [];
  const performers = {
    'delete-blobs': async ({ input }: { input: unknown }) => {
      deleted.push(...(input as { names: string[] }).names);
    },
    'list-blobs': async () => blobs,
    ...options.performers,
  };
  const cell = await testCell([s3, deliveries, ...others], { ...options, performers });
  const made = new S3Cell(cell, deleted);
  await made.call('CreateBucket', {});
  return made;
}
