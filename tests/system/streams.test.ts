// What Terraform deploys of Kinesis Data Streams, against the real program: applied, unchanged, grown, destroyed.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, PROJECT, run, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

const reason = await whyNoTerraform('aws');

describe.skipIf(reason !== undefined)(`streams${reason === undefined ? '' : ` (not run: ${reason})`}`, () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let module: Module;
  let server: EddyProcess;
  let variables = { shards: '2', retention: '48' };

  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startEddy(['--data-dir', join(folder.path, 'data')]);
    const source = join(PROJECT, 'tests', 'system', 'modules', 'streams');
    module = openModule(source, folder.path, () => ({ endpoint: server.url, ...variables }));
  });

  afterAll(async () => {
    await server.end('SIGKILL');
    folder.remove();
  });

  async function aws(...args: string[]): Promise<Record<string, unknown>> {
    const key = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' };
    const command = ['--endpoint-url', server.url, '--output', 'json', 'kinesis', ...args];
    const { code, stdout, stderr } = await run('aws', command, { env: cleanEnvironment(key) });
    expect(`${code} ${stderr}`).toBe('0 ');
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  }

  test('are applied, and the second plan is empty', async () => {
    expect(await module.apply()).toMatchObject({ open_shards: '2' });
    await expectNoChanges(module);
    const { StreamDescriptionSummary } = await aws('describe-stream-summary', '--stream-name', 'orders');
    expect(StreamDescriptionSummary).toMatchObject({ RetentionPeriodHours: 48, OpenShardCount: 2, ConsumerCount: 1 });
  }, 600_000);

  test('grow and shrink, and keep their records', async () => {
    const { SequenceNumber } = await aws(
      'put-record',
      '--stream-name',
      'orders',
      '--partition-key',
      'k',
      '--data',
      'b3JkZXI=',
    );
    variables = { shards: '3', retention: '24' };
    expect(await module.apply()).toMatchObject({ open_shards: '3' });
    await expectNoChanges(module);
    const oldest = ['--stream-name', 'orders', '--shard-iterator-type', 'TRIM_HORIZON'];
    const numbers: string[] = [];
    for (const id of ['shardId-000000000000', 'shardId-000000000001']) {
      const { ShardIterator } = await aws('get-shard-iterator', ...oldest, '--shard-id', id);
      const { Records } = await aws('get-records', '--shard-iterator', String(ShardIterator));
      numbers.push(...(Records as { SequenceNumber: string }[]).map((record) => record.SequenceNumber));
    }
    expect(numbers).toEqual([SequenceNumber]);
  }, 600_000);

  test('leave nothing behind', async () => {
    await module.destroy();
    expect(await aws('list-streams')).toMatchObject({ StreamNames: [] });
  }, 600_000);
});
