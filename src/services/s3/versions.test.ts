import { beforeEach, describe, expect, test } from 'vitest';
import { type S3Cell, s3Cell } from './testing.ts';

let s3: S3Cell;

beforeEach(async () => {
  s3 = await s3Cell();
});

const set = (Status: string) => s3.call('PutBucketVersioning', { VersioningConfiguration: { Status } });

interface Versions {
  Versions: { Key: string; VersionId: string; IsLatest: boolean }[];
  DeleteMarkers: { Key: string; VersionId: string; IsLatest: boolean }[];
}

const idsOf = async (): Promise<string[]> => {
  const { Versions, DeleteMarkers } = await s3.call<Versions>('ListObjectVersions', {});
  return [...Versions.map(({ VersionId }) => VersionId), ...DeleteMarkers.map(({ VersionId }) => `-${VersionId}`)];
};

describe('with versioning', () => {
  test('every write is a version, the newest is the object, older ones are there by their ids', async () => {
    await s3.put('k', 'before');
    await set('Enabled');
    const one = await s3.put('k', 'one');
    const two = await s3.put('k', 'second');
    expect(await idsOf()).toEqual([two.VersionId, one.VersionId, 'null']);
    expect(await s3.call('GetObject', { Key: 'k' })).toMatchObject({ ContentLength: 6, VersionId: two.VersionId });
    const old = await s3.call('GetObject', { Key: 'k', VersionId: 'null' });
    expect(old).toMatchObject({ ETag: expect.any(String), ContentLength: 6, VersionId: 'null' });
    expect(await s3.call('HeadObject', { Key: 'k', VersionId: one.VersionId })).toMatchObject({ ContentLength: 3 });
  });

  test('a delete hides the object behind a marker; removing the marker brings it back', async () => {
    await set('Enabled');
    const put = await s3.put('k');
    const deleted = await s3.call<{ VersionId: string }>('DeleteObject', { Key: 'k' });
    expect(deleted).toMatchObject({ DeleteMarker: true });
    expect(await s3.keys()).toEqual([]);
    const reply = await s3.cell.reply('s3', 'GetObject', { Bucket: 'orders', Key: 'k' });
    expect(reply).toMatchObject({
      refused: { code: 'NoSuchKey', status: 404, headers: { 'x-amz-delete-marker': 'true' } },
    });
    expect(await s3.refusal('GetObject', { Key: 'k', VersionId: deleted.VersionId })).toBe('405 MethodNotAllowed');
    expect(await s3.refusal('DeleteBucket', {})).toBe('409 BucketNotEmpty');
    const removed = await s3.call('DeleteObject', { Key: 'k', VersionId: deleted.VersionId });
    expect(removed).toEqual({ VersionId: deleted.VersionId, DeleteMarker: true });
    expect(await s3.keys()).toEqual(['k']);
    await s3.call('DeleteObject', { Key: 'k', VersionId: put.VersionId });
    await s3.call('DeleteBucket', {});
  });

  test('suspended, writes take the place of the null version, and deletes put a null marker', async () => {
    await set('Enabled');
    const one = await s3.put('k', 'one');
    await set('Suspended');
    expect(await s3.put('k', 'two')).not.toHaveProperty('VersionId');
    await s3.put('k', 'three');
    expect(await idsOf()).toEqual(['null', one.VersionId]);
    expect(await s3.call('DeleteObject', { Key: 'k' })).toEqual({ DeleteMarker: true, VersionId: 'null' });
    expect(await idsOf()).toEqual([one.VersionId, '-null']);
    await s3.call('DeleteObject', { Key: 'k', VersionId: 'null' });
    expect(await s3.keys()).toEqual(['k']);
  });

  test('ids that were never given are told apart', async () => {
    expect(await s3.refusal('GetObject', { Key: 'k', VersionId: 'x' })).toBe('400 InvalidArgument');
    expect(await s3.refusal('GetObject', { Key: 'k', VersionId: 'x'.repeat(32) })).toBe('404 NoSuchVersion');
    expect(await s3.refusal('DeleteObject', { Key: 'k', VersionId: '' })).toBe('400 InvalidArgument');
    expect(await s3.refusal('PutBucketVersioning', { VersioningConfiguration: { Status: 'Off' } })).toBe(
      '400 MalformedXML',
    );
    expect(await s3.refusal('PutBucketVersioning', { VersioningConfiguration: {} })).toBe(
      '400 IllegalVersioningConfigurationException',
    );
  });

  test.each([true, false])('are there after a restart (clean: %s)', async (clean) => {
    await set('Enabled');
    await s3.put('k', 'one');
    await s3.put('k', 'two');
    await s3.call('DeleteObject', { Key: 'k' });
    const before = await idsOf();
    s3 = await s3.restart({ clean });
    expect(await idsOf()).toEqual(before);
  });
});

describe('many deletes at once', () => {
  test('each for itself', async () => {
    await s3.put('a');
    await s3.put('b');
    const Objects = [{ Key: 'a' }, { Key: 'never' }, { Key: 'b', VersionId: 'wrong' }, { Key: 'b', ETag: '"x"' }];
    expect(await s3.call('DeleteObjects', { Delete: { Objects } })).toEqual({
      Deleted: [{ Key: 'a' }, { Key: 'never' }],
      Errors: [
        { Key: 'b', VersionId: 'wrong', Code: 'InvalidArgument', Message: 'Invalid version id specified' },
        { Key: 'b', Code: 'PreconditionFailed', Message: expect.any(String) },
      ],
    });
    expect(await s3.call('DeleteObjects', { Delete: { Objects: [{ Key: 'b' }], Quiet: true } })).toEqual({});
    expect(await s3.keys()).toEqual([]);
  });

  test('with markers where versions are kept, the same key twice included', async () => {
    await set('Enabled');
    const { Deleted } = await s3.call<{ Deleted: object[] }>('DeleteObjects', {
      Delete: { Objects: [{ Key: 'a' }, { Key: 'a' }] },
    });
    expect(Deleted).toHaveLength(2);
    expect(Deleted[0]).toMatchObject({ Key: 'a', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) });
    expect(await idsOf()).toHaveLength(2);
  });

  test('none or too many are refused', async () => {
    expect(await s3.refusal('DeleteObjects', { Delete: { Objects: [] } })).toBe('400 MalformedXML');
    const Objects = Array.from({ length: 1001 }, (_, i) => ({ Key: String(i) }));
    expect(await s3.refusal('DeleteObjects', { Delete: { Objects } })).toBe('400 MalformedXML');
  });
});
