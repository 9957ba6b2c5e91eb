import fc from 'fast-check';
import { expect, test } from 'vitest';
import { service as wire } from '#wire/generated/s3.ts';
import { s3 as room } from './service.ts';
import { bodyOf, type S3Cell, s3Cell } from './testing.ts';

// Every operation with whatever its schema lets through: an answer or a refusal, never a defect.

const TEXTS = [
  '',
  'k',
  '*',
  '..',
  '%',
  '%ZZ',
  '=',
  '&',
  '?',
  '/',
  '\0',
  '\ud800',
  '😀',
  '__proto__',
  'null',
  '-1',
  '{}',
  '"',
];
const FORMS = [
  'orders/k',
  'orders/%ZZ',
  'orders/k?versionId=%',
  'a=%ZZ',
  'a=1&b',
  'bytes=1-',
  '"*"',
  'url',
  'AES256',
  'Enabled',
];
const texts = fc.constantFrom(...TEXTS, ...FORMS, 'x'.repeat(3000));
const numbers = fc.constantFrom(-1, 0, 1, 1.5, Number.NaN, 1e308, 2 ** 53);

/** Values of a shape, as the wire could have read them. */
function anyOf(target: string, depth: number): fc.Arbitrary<unknown> {
  if (target.startsWith('[')) return fc.array(anyOf(target.slice(1, -1), depth + 1), { maxLength: 3 });
  if (target.startsWith('{')) return fc.dictionary(texts, anyOf(target.slice(1, -1), depth + 1), { maxKeys: 3 });
  if (target === 'string') return texts;
  if (target === 'boolean') return fc.boolean();
  if (target === 'integer' || target === 'double' || target === 'timestamp') return numbers;
  if (target === 'blob') return fc.uint8Array({ maxLength: 3 });
  if (target === 'stream') return fc.constant(undefined).map(() => bodyOf('bytes'));
  const shape = wire.shapes[target];
  if (shape === undefined || depth > 6) return fc.constant(undefined);
  if (shape.type === 'list') return fc.array(memberOf(shape.member, depth), { maxLength: 3 });
  if (shape.type === 'map') return fc.dictionary(texts, memberOf(shape.value, depth), { maxKeys: 3 });
  const members = Object.entries(shape.members).map(([name, member]) => [name, memberOf(member, depth)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] });
}

const memberOf = (member: string | { readonly target: string }, depth: number): fc.Arbitrary<unknown> =>
  anyOf(typeof member === 'string' ? member : member.target, depth + 1);

async function fullBucket(): Promise<S3Cell> {
  const s3 = await s3Cell({
    performers: { 'digest-pieces': async () => ({ md5: 'd41d8cd98f00b204e9800998ecf8427e', checksums: {} }) },
  });
  await s3.call('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } });
  await s3.put('k', 'x', { Tagging: 'a=b' });
  await s3.call('CreateMultipartUpload', { Key: 'k' });
  return s3;
}

/** The operation's input with the bucket and the object that are there, and a few more members: with many, the first wrong one would hide the rest. */
function inputOf(target: string): fc.Arbitrary<object> {
  const shape = wire.shapes[target];
  if (shape?.type !== 'structure') return fc.constant({});
  const members = Object.entries(shape.members).filter(([name]) => name !== 'ExpectedBucketOwner');
  const some = fc.subarray(members, { maxLength: Math.min(3, members.length) });
  return fc.tuple(some, fc.constantFrom({}, { Bucket: 'orders', Key: 'k' })).chain(([chosen, here]) => {
    const values = chosen.map(([name, member]) => [name, memberOf(member, 0)] as const);
    return fc.record(Object.fromEntries(values)).map((generated) => ({ ...generated, ...here }));
  });
}

test.each(Object.keys(room.operations))('%s answers or refuses, whatever it is asked', async (operation) => {
  const schema = wire.operations[operation];
  expect(schema).toBeDefined();
  const s3 = await fullBucket();
  await fc.assert(
    fc.asyncProperty(inputOf(schema?.input ?? 'unit'), async (input) => {
      const call = s3.cell.start('s3', operation, input);
      await s3.cell.settle();
      expect(call.reply).toBeDefined();
      expect(s3.cell.fatal).toBeUndefined();
      expect(s3.cell.diagnostics).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test.each(Object.keys(room.operations))('%s takes every text in every member', async (operation) => {
  const shape = wire.shapes[wire.operations[operation]?.input ?? ''];
  const members = shape?.type === 'structure' ? Object.entries(shape.members) : [];
  const named = members.filter(([, member]) => (typeof member === 'string' ? member : member.target) === 'string');
  const s3 = await fullBucket();
  for (const [name] of named) {
    for (const text of [...TEXTS, ...FORMS]) {
      const call = s3.cell.start('s3', operation, { Bucket: 'orders', Key: 'k', [name]: text });
      await s3.cell.settle();
      expect(call.reply, `${name}: ${text}`).toBeDefined();
      expect(s3.cell.diagnostics).toEqual([]);
    }
  }
});
