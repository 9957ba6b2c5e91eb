// What Terraform deploys of Firehose, against the real program: applied, unchanged, used, changed, destroyed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { gunzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, PROJECT, run, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

const reason = await whyNoTerraform('aws');
const FUNCTION = `export const handler = async ({ records }) => ({
  records: records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })) });`;

describe.skipIf(reason !== undefined)(`delivery streams${reason === undefined ? '' : ` (not run: ${reason})`}`, () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let module: Module;
  let server: EddyProcess;
  let size = '64';

  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startEddy(['--data-dir', join(folder.path, 'data'), '--clock', 'frozen']);
    const zip = join(folder.path, 'function.zip');
    writeFileSync(zip, zipSync({ 'index.mjs': Buffer.from(FUNCTION) }, { mtime: '2026-01-01' }));
    const source = join(PROJECT, 'tests', 'system', 'modules', 'delivery-streams');
    module = openModule(source, folder.path, () => ({ endpoint: server.url, size, function_zip: zip }));
  });

  afterAll(async () => {
    await server.end('SIGKILL');
    folder.remove();
  });

  async function aws(...args: string[]): Promise<Record<string, unknown>> {
    const key = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' };
    const command = ['--endpoint-url', server.url, '--output', 'json', ...args];
    const { code, stdout, stderr } = await run('aws', command, { env: cleanEnvironment(key) });
    expect(`${code} ${stderr}`).toBe('0 ');
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  }

  test('are applied, and the second plan is empty', async () => {
    const arn = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/orders';
    expect(await module.apply()).toMatchObject({ arn });
    await expectNoChanges(module);
  }, 300_000);

  test('deliver what is put', async () => {
    const config = {
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const [firehose, s3] = [new FirehoseClient(config), new S3Client({ ...config, forcePathStyle: true })];
    const Data = Buffer.from('{"customer":"c1"}{"customer":"c2"}');
    await firehose.send(new PutRecordCommand({ DeliveryStreamName: 'orders', Record: { Data } }));
    const body = JSON.stringify({ action: 'advance', ms: 600_000 });
    expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    const keys = Contents.map(({ Key = '' }) => Key);
    expect(keys.map((key) => key.replace(/\d{4}.*/, ''))).toEqual([
      'orders/customer=c1/',
      'orders/customer=c2/',
      'source/',
    ]);
    const [Key] = keys;
    expect(Key).toMatch(/\.json\.gz$/);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
    expect(Buffer.from(gunzipSync(await Body!.transformToByteArray())).toString()).toBe('{"customer":"c1"}\n');
    for (const client of [firehose, s3]) client.destroy();
  }, 60_000);

  test('change', async () => {
    size = '100';
    await module.apply();
    await expectNoChanges(module);
    const shown = await aws('firehose', 'describe-delivery-stream', '--delivery-stream-name', 'orders');
    expect(shown).toMatchObject({ DeliveryStreamDescription: { VersionId: '2' } });
  }, 300_000);

  test('leave nothing behind', async () => {
    await module.destroy();
    expect(await aws('firehose', 'list-delivery-streams')).toMatchObject({ DeliveryStreamNames: [] });
  }, 300_000);
});
