// Logs of pipes beyond log groups.

import { beforeEach, describe, expect, it } from 'vitest';
import { firehose } from '#services/firehose/service.ts';
import { STREAM_ARN, s3Stream } from '#services/firehose/testing.ts';
import { PipesTest, queueArn } from '../testing.ts';

const TO_STREAM = { FirehoseLogDestination: { DeliveryStreamArn: STREAM_ARN } };
let test: PipesTest;

const pipe = (LogConfiguration: object) =>
  test.pipe({ Target: queueArn('target'), LogConfiguration: { Level: 'INFO', ...LogConfiguration } });

describe('a delivery stream', () => {
  beforeEach(async () => {
    test = await PipesTest.open({ more: [firehose] });
    await test.queue('target');
    await test.cell.call('firehose', 'CreateDeliveryStream', s3Stream());
  });

  it("PIP-LOG-06 gets a record for each step, and AWS's tag", async () => {
    await pipe(TO_STREAM);
    expect(await test.describe()).toMatchObject({ LogConfiguration: { Level: 'INFO', ...TO_STREAM } });
    test.cell.takeFacts();
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('RecordHandedOver')).toHaveLength(4);
    await test.restart({ clean: true });
    await test.send('2');
    await test.cell.settle();
    expect(test.facts('RecordHandedOver')).toHaveLength(4);
    const { Tags } = await test.cell.call<{ Tags: unknown }>('firehose', 'ListTagsForDeliveryStream', {
      DeliveryStreamName: 'orders',
    });
    expect(Tags).toEqual([{ Key: 'LogDeliveryEnabled', Value: 'true' }]);
  });

  it('PIP-LOG-06 and a log group get the same', async () => {
    await test.cell.call('logs', 'CreateLogGroup', { logGroupName: 'lines' });
    const LogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:lines';
    await pipe({ ...TO_STREAM, CloudwatchLogsLogDestination: { LogGroupArn } });
    test.cell.takeFacts();
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('RecordHandedOver')).toHaveLength(4);
    expect(await test.logLines('lines')).toHaveLength(4);
  });

  it('PIP-LOG-06 that is gone keeps nothing from its target', async () => {
    await pipe(TO_STREAM);
    await test.cell.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: 'orders' });
    await test.send('1');
    await test.cell.settle();
    expect(await test.counts('target')).toBe('1 0');
  });

  it('PIP-LOG-06 that does not exist is refused, also by an update', async () => {
    const missing = { FirehoseLogDestination: { DeliveryStreamArn: `${STREAM_ARN}s` } };
    await expect(pipe(missing)).rejects.toThrow('LogConfiguration.FirehoseLogDestination');
    await pipe({ Level: 'OFF' });
    const LogConfiguration = { Level: 'INFO' as const, ...missing };
    expect(
      await test.refusal('UpdatePipe', {
        Name: 'orders',
        RoleArn: (await test.describe()).RoleArn ?? '',
        LogConfiguration,
      }),
    ).toContain('Firehose orderss');
  });
});
