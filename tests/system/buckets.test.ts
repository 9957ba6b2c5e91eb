// Buckets as Terraform deploys them, against the real program: applied, unchanged on a second plan, events at their queue, and gone again.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, PROJECT, run, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

/** Says which object it was told of. */
const CODE = 'exports.handler = async ({ Records: [r] }) => console.log([r.eventName, r.s3.object.key].join(" "));';

const reason = await whyNoTerraform('aws');

describe.skipIf(reason !== undefined)(`buckets${reason === undefined ? '' : ` (not run: ${reason})`}`, () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let module: Module;
  let server: EddyProcess;
  let outputs: Record<string, string>;

  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startEddy(['--data-dir', join(folder.path, 'data')]);
    const source = join(PROJECT, 'tests', 'system', 'modules', 'buckets');
    const zip = join(folder.path, 'watcher.zip');
    writeFileSync(zip, zipSync({ 'index.js': new TextEncoder().encode(CODE) }));
    module = openModule(source, folder.path, () => ({ endpoint: server.url, package: zip }));
  });

  afterAll(async () => {
    await server.end('SIGKILL');
    folder.remove();
  });

  async function aws(...args: string[]): Promise<Record<string, unknown>> {
    const env = cleanEnvironment({
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'eu-central-1',
    });
    const command = ['--endpoint-url', server.url, '--output', 'json', ...args];
    const { code, stdout, stderr } = await run('aws', command, { env });
    expect(`${code} ${stderr}`).toBe('0 ');
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  }

  test('are applied, and a second plan has nothing to do', { timeout: 300_000 }, async () => {
    outputs = await module.apply();
    expect(outputs['etag']).toBe('5d41402abc4b2a76b9719d911017c592');
    await expectNoChanges(module);
  });

  test('are there after a crash, with the events of their objects', { timeout: 120_000 }, async () => {
    await server.end('SIGKILL');
    server = await startEddy(['--data-dir', join(folder.path, 'data'), '--port', new URL(server.url).port]);
    const head = await aws('s3api', 'head-object', '--bucket', 'shop-orders', '--key', 'greetings/hello world.txt');
    expect(head).toMatchObject({ ContentLength: 5, VersionId: outputs['version_id'], Metadata: { language: 'en' } });
    const queue = ['--queue-url', outputs['queue_url'] as string, '--max-number-of-messages', '10'];
    const { Messages } = await aws('sqs', 'receive-message', ...queue);
    const bodies = (Messages as { Body: string }[]).map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
    expect(bodies).toContainEqual(expect.objectContaining({ Event: 's3:TestEvent', Bucket: 'shop-orders' }));
    const [event] = bodies.flatMap(({ Records = [] }) => Records as object[]);
    expect(event).toMatchObject({
      eventName: 'ObjectCreated:Put',
      awsRegion: 'eu-central-1',
      s3: { configurationId: 'texts', object: { key: 'greetings/hello+world.txt', size: 5 } },
    });
  });

  test('tell a function, whose code came from a bucket, of a copied object', { timeout: 120_000 }, async () => {
    const read = async (): Promise<string> =>
      JSON.stringify(await aws('logs', 'filter-log-events', '--log-group-name', '/aws/lambda/watcher'));
    await expect.poll(read, { timeout: 60_000, interval: 1_000 }).toContain('ObjectCreated:Copy watched/copy.txt');
  });

  test('are destroyed with their objects', { timeout: 300_000 }, async () => {
    await module.destroy();
    expect(await aws('s3api', 'list-buckets')).toMatchObject({ Buckets: [] });
  });
});
