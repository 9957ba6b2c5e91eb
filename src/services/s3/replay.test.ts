import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeSnapshot } from '#cell/snapshots.ts';
import type { Position } from '#storage/journal.ts';
import { wholeSnapshot } from '#storage/snapshot-sections.ts';
import { uploadPlace } from './apply.ts';
import { contentsOf, type S3State } from './state.ts';
import { bodyOf, type S3Cell, s3Cell } from './testing.ts';
import { allOf, piecesOf } from './versions.ts';

// Whatever was done: a replay, a snapshot and life agree about objects, uploads, and how often each blob is referred to.

const key = fc.constantFrom('a', 'b', 'dir/c', '😀');
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('put' as const), key, text: fc.constantFrom('', 'x', 'longer') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('copy' as const), key, from: key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), key, at: fc.constantFrom(0, 0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tag' as const), key, value: fc.constantFrom('1', '2', '') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('versioning' as const), isOn: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const), key }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('part' as const),
      key,
      at: fc.constantFrom(0, 0, 1, 2),
      from: fc.option(key),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('complete' as const), at: fc.constantFrom(0, 0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), at: fc.constantFrom(0, 0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 70_000, 90_000_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const stateOf = (s3: S3Cell): S3State => s3.cell.cell.registry.services.get('s3')?.state as S3State;

interface Listed {
  readonly Versions: { readonly Key: string; readonly VersionId: string }[];
  readonly Uploads: { readonly Key: string; readonly UploadId: string }[];
}

async function take(s3: S3Cell, taken: Step): Promise<void> {
  const uploads = async () => (await s3.call<Listed>('ListMultipartUploads', {})).Uploads;
  const ask = (operation: string, input: object) => s3.refusal(operation, input);
  if (taken.do === 'put') await ask('PutObject', { Key: taken.key, Body: bodyOf(taken.text), ContentType: 't/x' });
  if (taken.do === 'copy') await ask('CopyObject', { Key: taken.key, CopySource: `orders/${taken.from}` });
  if (taken.do === 'delete') await ask('DeleteObject', { Key: taken.key });
  if (taken.do === 'tag') {
    const TagSet = taken.value === '' ? [] : [{ Key: 'k', Value: taken.value }];
    await ask('PutObjectTagging', { Key: taken.key, Tagging: { TagSet } });
  }
  if (taken.do === 'versioning') {
    await ask('PutBucketVersioning', { VersioningConfiguration: { Status: taken.isOn ? 'Enabled' : 'Suspended' } });
  }
  if (taken.do === 'begin') await ask('CreateMultipartUpload', { Key: taken.key });
  if (taken.do === 'wait') await s3.cell.advance(taken.ms);
  if (taken.do === 'remove') {
    const { Versions } = await s3.call<Listed>('ListObjectVersions', {});
    const version = Versions[taken.at];
    if (version !== undefined) await ask('DeleteObject', { Key: version.Key, VersionId: version.VersionId });
  }
  if (taken.do !== 'part' && taken.do !== 'complete' && taken.do !== 'abort') return;
  const upload = (await uploads())[taken.at];
  if (upload === undefined) return;
  const { Key, UploadId } = upload;
  if (taken.do === 'abort') await ask('AbortMultipartUpload', { Key, UploadId });
  if (taken.do === 'part') {
    const PartNumber = 1 + (taken.at % 2);
    if (taken.from === null) await ask('UploadPart', { Key, UploadId, PartNumber, Body: bodyOf('part') });
    else await ask('UploadPartCopy', { Key, UploadId, PartNumber, CopySource: `orders/${taken.from}` });
  }
  if (taken.do === 'complete') {
    const { Parts } = await s3.call<{ Parts: object[] }>('ListParts', { Key, UploadId });
    await ask('CompleteMultipartUpload', { Key, UploadId, MultipartUpload: { Parts: Parts.slice(0, 1) } });
  }
}

/** All that the room keeps, as plain data. */
function picture(state: S3State): object {
  const [bucket] = state.buckets.list();
  const { objects, uploads } = contentsOf(state, bucket?.id ?? 0);
  const shown = [...uploads.from('')].map(({ value }) => ({
    ...value,
    parts: [...value.parts],
    at: uploadPlace(value),
  }));
  return {
    objects: JSON.parse(JSON.stringify([...objects.from('')])),
    uploads: JSON.parse(JSON.stringify(shown)),
    references: Object.fromEntries([...state.references].sort()),
    sequence: state.sequence,
  };
}

/** Counted anew from the index. */
function countedReferences(state: S3State): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { objects, uploads } of state.contents.values()) {
    const versions = [...objects.from('')].flatMap(({ value }) => allOf(value).flatMap(piecesOf));
    const parts = [...uploads.from('')].flatMap(({ value }) => [...value.parts.values()].flatMap(({ body }) => body));
    for (const { blob } of [...versions, ...parts]) counted[blob] = (counted[blob] ?? 0) + 1;
  }
  return counted;
}

test('life, replay and snapshot agree, and no blob is deleted that something refers to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      const s3 = await s3Cell({
        performers: { 'digest-pieces': async () => ({ md5: '0'.repeat(32), checksums: {} }) },
      });
      for (const taken of steps) await take(s3, taken);
      await s3.cell.settle();
      expect(s3.cell.diagnostics).toEqual([]);
      const lived = picture(stateOf(s3));
      expect(Object.fromEntries(stateOf(s3).references)).toEqual(countedReferences(stateOf(s3)));
      for (const clean of [false, true]) {
        const after = await s3.restart({ clean });
        expect(picture(stateOf(after))).toEqual(lived);
        expect(stateOf(after).nextId).toBe(stateOf(s3).nextId);
        await after.cell.advance(200_000);
        for (const blob of s3.deleted) expect(stateOf(after).references.has(blob), blob).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
});

test('a snapshot is the state where it was taken, whatever is done while it is written', async () => {
  const several = fc.array(step, { minLength: 15, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(several, several, async (before, meanwhile) => {
      const s3 = await s3Cell({
        performers: { 'digest-pieces': async () => ({ md5: '0'.repeat(32), checksums: {} }) },
      });
      for (const taken of before) await take(s3, taken);
      const { cell } = s3.cell;
      const expected = wholeSnapshot(takeSnapshot(cell.memory, cell.nowMs, 0 as Position));
      const held = takeSnapshot(cell.memory, cell.nowMs, 0 as Position);
      for (const taken of meanwhile) await take(s3, taken);
      expect(wholeSnapshot(held)).toEqual(expected);
      held.release();
    }),
    { numRuns: 30 },
  );
});
