import { describe, expect, it } from 'vitest';
import { HTTP_LIMITS } from '#runtime/http/limits.ts';
import { bodyBytesMaxOf } from './body-limits.ts';

const limitOf = (target: string) => bodyBytesMaxOf({ path: '/', headers: { 'x-amz-target': target } });

describe('the body of a request', () => {
  it.each(['Firehose_20150804.PutRecordBatch', 'Kinesis_20131202.PutRecords', 'Kinesis_20131202.PutRecord'])(
    'of %s may be longer than the records that AWS takes, so that the service says what is wrong',
    (target) => {
      const tooManyInBase64 = (10 * 1024 * 1024 * 4) / 3;
      expect(limitOf(target)).toBeGreaterThan(tooManyInBase64);
    },
  );

  it('of anything else keeps to the limit of the HTTP server', () => {
    expect(limitOf('Firehose_20150804.DescribeDeliveryStream')).toBe(HTTP_LIMITS.bodyBytesMax);
  });
});
