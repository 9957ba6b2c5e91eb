import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrderedMap } from '#structures/ordered-map.ts';
import { orderedKey } from './key-order.ts';
import { listVersions } from './list-versions.ts';
import { listKeys } from './listing.ts';
import { newContents, type ObjectVersion } from './state.ts';
import { type S3Cell, s3Cell } from './testing.ts';
import { shownVersionId } from './versions.ts';

// Lists against a model that looks at every key: what S3's documentation says, as simply as it can be said.

const text = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\uffff', '😀'), maxLength });
const keys = fc.uniqueArray(text(6), { maxLength: 40 });
const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

function rolledUp(all: readonly string[], { prefix, delimiter }: { prefix: string; delimiter: string }): string[] {
  const shown = new Set<string>();
  for (const key of [...all].sort(byBytes)) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    shown.add(at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`);
  }
  return [...shown];
}

test('pages of keys, one after the other, show what the model shows, whatever prefix, delimiter and size', () => {
  fc.assert(
    fc.property(
      keys,
      text(2),
      fc.constantFrom('', '/', 'a', 'b/', '😀'),
      fc.integer({ min: 1, max: 5 }),
      (all, prefix, delimiter, max) => {
        const map = new OrderedMap<string>();
        for (const key of all) map.set(orderedKey(key), key);
        const shown: string[] = [];
        let after = '';
        for (let isTruncated = true; isTruncated; ) {
          const page = listKeys(map, { prefix, delimiter, after, max });
          expect(page.items.length).toBeLessThanOrEqual(max);
          shown.push(
            ...page.items.map((item) => (item.prefix === undefined ? `key ${item.key}` : `prefix ${item.prefix}`)),
          );
          const last = page.items.at(-1);
          after = last?.prefix ?? (last as { key: string } | undefined)?.key ?? '';
          ({ isTruncated } = page);
          // An empty key could not be told from no marker; S3 has none.
          if (after === '') break;
        }
        if (!all.includes('')) expect(shown).toEqual(rolledUp(all, { prefix, delimiter }));
      },
    ),
  );
});

test('a list after any text begins behind it', () => {
  fc.assert(
    fc.property(keys, text(4), (all, after) => {
      const map = new OrderedMap<string>();
      for (const key of all) map.set(orderedKey(key), key);
      const page = listKeys(map, { prefix: '', delimiter: '', after, max: 1000 });
      const expected = [...all].sort(byBytes).filter((key) => after === '' || byBytes(key, after) > 0);
      expect(page.items.map((item) => (item.prefix === undefined ? item.key : ''))).toEqual(expected);
    }),
  );
});

const versionOf = (versionId: string): ObjectVersion => ({
  versionId,
  atMs: 0,
  body: undefined,
  bytes: 0,
  eTag: '',
  headers: undefined,
  checksums: undefined,
  extra: undefined,
});

test('pages of versions show every version once, newest first, also where a page ends between two of one key', () => {
  const objects = fc.uniqueArray(
    fc.tuple(
      text(4).filter((key) => key !== ''),
      fc.integer({ min: 1, max: 4 }),
    ),
    {
      selector: ([key]) => key,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(
      objects,
      text(1),
      fc.constantFrom('', '/'),
      fc.integer({ min: 1, max: 4 }),
      (all, prefix, delimiter, max) => {
        const contents = newContents();
        for (const [key, count] of all) {
          const versions = Array.from({ length: count }, (_, at) => versionOf(at === count - 1 ? '' : `v${at}`));
          contents.objects.set(orderedKey(key), count === 1 ? (versions[0] as ObjectVersion) : versions);
        }
        const shown: string[] = [];
        let [keyMarker, versionIdMarker] = ['', ''];
        for (;;) {
          const page = listVersions(contents, { prefix, delimiter, keyMarker, versionIdMarker, max });
          expect(page.versions.length + page.prefixes.length).toBeLessThanOrEqual(max);
          shown.push(...page.prefixes.map((name) => `prefix ${name}`));
          shown.push(...page.versions.map(({ key, version }) => `${key} ${shownVersionId(version)}`));
          if (page.next === undefined) break;
          keyMarker = page.next.key;
          versionIdMarker = page.next.versionId ?? '';
        }
        const names = rolledUp(
          all.map(([key]) => key),
          { prefix, delimiter },
        );
        const expected = names.flatMap((name) => {
          if (name.startsWith('prefix ')) return name;
          const key = name.slice('key '.length);
          const count = all.find(([other]) => other === key)?.[1] ?? 0;
          return Array.from({ length: count }, (_, at) => `${key} ${at === count - 1 ? 'null' : `v${at}`}`);
        });
        expect(shown.sort()).toEqual(expected.sort());
      },
    ),
  );
});

describe('a list', () => {
  const make = async (...names: string[]): Promise<S3Cell> => {
    const s3 = await s3Cell();
    for (const name of names) await s3.put(name);
    return s3;
  };

  test('goes on with its token, which is good for its bucket alone', async () => {
    const s3 = await make('a', 'b', 'c');
    await s3.call('CreateBucket', { Bucket: 'other-bucket' });
    const first = await s3.call<{ NextContinuationToken: string }>('ListObjectsV2', { MaxKeys: 2 });
    expect(first).toMatchObject({ KeyCount: 2, IsTruncated: true, MaxKeys: 2, Name: 'orders', Prefix: '' });
    const ContinuationToken = first.NextContinuationToken;
    expect(await s3.keys({ ContinuationToken })).toEqual(['c']);
    expect(await s3.refusal('ListObjectsV2', { Bucket: 'other-bucket', ContinuationToken })).toBe(
      '400 InvalidArgument',
    );
    expect(await s3.refusal('ListObjectsV2', { ContinuationToken: 'x' })).toBe('400 InvalidArgument');
    expect(await s3.refusal('ListObjectsV2', { ContinuationToken: '' })).toBe('400 InvalidArgument');
    for (const [MaxKeys, ArgumentName, message] of [
      [-1, 'maxKeys', 'Argument maxKeys must be an integer between 0 and 2147483647'],
      [2 ** 31, 'max-keys', 'Provided max-keys not an integer or within integer range'],
    ] as const) {
      const reply = await s3.cell.reply('s3', 'ListObjectsV2', { Bucket: 'orders', MaxKeys });
      const members = { ArgumentName, ArgumentValue: String(MaxKeys) };
      expect(reply).toMatchObject({ refused: { code: 'InvalidArgument', message, members } });
    }
    expect(await s3.refusal('ListObjectsV2', { EncodingType: 'base64' })).toBe('400 InvalidArgument');
    expect(await s3.call('ListObjectsV2', { MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await s3.call('ListObjectsV2', { MaxKeys: 5000 })).toMatchObject({ MaxKeys: 1000 });
  });

  test('of the first version has a marker, and tells the next one only with a delimiter', async () => {
    const s3 = await make('a/1', 'a/2', 'b');
    const rolled = await s3.call('ListObjects', { Delimiter: '/', MaxKeys: 1 });
    expect(rolled).toMatchObject({ CommonPrefixes: [{ Prefix: 'a/' }], NextMarker: 'a/', IsTruncated: true });
    const next = await s3.call('ListObjects', { Delimiter: '/', Marker: 'a/' });
    expect(next).toMatchObject({
      Contents: [{ Key: 'b', StorageClass: 'STANDARD', Owner: { ID: expect.any(String) } }],
    });
    expect(await s3.call('ListObjects', { MaxKeys: 1 })).not.toHaveProperty('NextMarker');
  });

  test('of uploads goes by key and then by time, with both markers', async () => {
    const s3 = await s3Cell();
    const begin = async (Key: string) =>
      (await s3.call<{ UploadId: string }>('CreateMultipartUpload', { Key })).UploadId;
    const two = await begin('b');
    await s3.cell.advance(1000);
    const three = await begin('b');
    const one = await begin('a');
    await begin('dir/x');
    const list = async (input: object) => {
      const found = await s3.call<{ Uploads: { UploadId: string }[] }>('ListMultipartUploads', input);
      return found.Uploads.map(({ UploadId }) => UploadId);
    };
    expect((await list({})).slice(0, 3)).toEqual([one, two, three]);
    expect(await list({ MaxUploads: 1, KeyMarker: 'b', UploadIdMarker: two })).toEqual([three]);
    expect(await list({ KeyMarker: 'a', MaxUploads: 1 })).toEqual([two]);
    expect(await s3.refusal('ListMultipartUploads', { KeyMarker: 'a', UploadIdMarker: two })).toBe(
      '400 InvalidArgument',
    );
    const last = await s3.call('ListMultipartUploads', { Prefix: 'a' });
    expect(last).toMatchObject({ IsTruncated: false, NextKeyMarker: 'a', NextUploadIdMarker: one });
    expect(await s3.call('ListMultipartUploads', { Delimiter: '/' })).toMatchObject({
      CommonPrefixes: [{ Prefix: 'dir/' }],
      IsTruncated: false,
    });
  });
});
