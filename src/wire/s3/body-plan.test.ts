import { describe, expect, it } from 'vitest';
import { readBodyPlan } from './body-plan.ts';

const planOf = (contentHash: string) =>
  readBodyPlan(
    { headers: { 'x-amz-content-sha256': contentHash, 'x-amz-decoded-content-length': '3' }, query: '' },
    { announcedBytes: 3, isAbsent: false },
  );

describe('what a client says of the body that it sends', () => {
  it('is refused when it is neither a hash nor a word for one, also where nobody checks signatures', () => {
    for (const wrong of ['nonsense', 'abc0', 'STREAMING-SOMETHING']) {
      expect(planOf(wrong)).toMatchObject({
        refused: { code: 'InvalidArgument', members: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: wrong } },
      });
    }
  });

  it('is taken as a hash, as unsigned, and as chunks of every kind', () => {
    expect(planOf('A'.repeat(64))).toMatchObject({ sha256: 'a'.repeat(64), isChunked: false });
    expect(planOf('UNSIGNED-PAYLOAD')).toMatchObject({ sha256: undefined, isChunked: false });
    for (const kind of ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD']) {
      expect(planOf(kind)).toMatchObject({ sha256: undefined, isChunked: true });
    }
  });
});

// Recorded in the cross-compatibility tests of OpenStack Swift.
describe('the trailer that a client announces', () => {
  it.each([
    ['x-amz-checksum-crc32', 'x-amz-checksum-crc32'],
    ['X-Amz-Checksum-Crc32,,', 'x-amz-checksum-crc32'],
    [', x-amz-checksum-crc32', 'The value specified in the x-amz-trailer header is not supported'],
    ['x-amz-checksum-crc32, ,', 'The value specified in the x-amz-trailer header is not supported'],
    ['x-amz-checksum-crc32, x-amz-foo', 'The value specified in the x-amz-trailer header is not supported'],
    ['x-amz-meta-a', 'The value specified in the x-amz-trailer header is not supported'],
    [
      'x-amz-checksum-crc32, x-amz-checksum-crc32',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    ],
  ])('as %j: %s', (trailer, expected) => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '3',
      'x-amz-trailer': trailer,
    };
    const plan = readBodyPlan({ headers, query: '' }, { announcedBytes: 3, isAbsent: false });
    expect('refused' in plan ? plan.refused.message : plan.trailer).toBe(expected);
  });
});
