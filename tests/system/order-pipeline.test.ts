// The whole of examples/order-pipeline, small: orders come twice, third parties fail, functions break down after their work, consumers forget to
// delete, Eddy is killed in the middle; orders come from the AWS SDK, boto3 and the AWS CLI. In the end everything adds up.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS } from '../../examples/order-pipeline/source/demo/eddy.ts';
import { finish, linesOfChecks } from '../../examples/order-pipeline/source/demo/finish.ts';
import { Pipeline } from '../../examples/order-pipeline/source/demo/pipeline.ts';
import { type Loaded, runLoad } from '../../examples/order-pipeline/source/demo/run-load.ts';
import { makeOrders, type NewOrder } from '../../examples/order-pipeline/source/load/orders.ts';
import { reconcile } from '../../examples/order-pipeline/source/reconcile/checks.ts';
import type { Ends } from '../../examples/order-pipeline/source/reconcile/ends.ts';
import { cleanEnvironment, PROJECT, run, temporaryFolder, whyMissing } from './eddy-process.ts';

const ORDERS = 60;
const SEED = 3;
const noBoto3 = await whyMissing('python3', ['-c', 'import boto3']);
const noCli = await whyMissing('aws', ['--version']);

const PUT_WITH_BOTO3 = `
import boto3, json, os, sys
client = boto3.client("events", endpoint_url=os.environ["ENDPOINT"])
print(client.put_events(Entries=json.loads(sys.stdin.read()))["Entries"][0]["EventId"])
`;

describe('the order pipeline', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let pipeline: Pipeline;
  let sent: Loaded;
  let ends: Ends;

  beforeAll(async () => {
    folder = temporaryFolder();
    const options = { project: PROJECT, work: join(folder.path, 'work'), orders: ORDERS, hasMishaps: true };
    // With permissions enforced: what the roles of the Terraform files leave out would be missing here, too.
    const eddyWords = ['--iam', 'enforce'];
    pipeline = await Pipeline.start({ ...options, eddyWords, deployBy: 'sdk', onStep: () => {} });
  }, 120_000);

  afterAll(async () => {
    await pipeline?.end();
    folder.remove();
  });

  /** One order more, put on the bus by another client. */
  async function placeBy(order: NewOrder, put: (entries: string) => Promise<string>): Promise<void> {
    const detail = JSON.stringify({ ...order, placedAtMs: Date.now() });
    const entry = { EventBusName: 'shop', Source: 'shop.orders', DetailType: 'OrderPlaced', Detail: detail };
    const eventId = await put(JSON.stringify([entry]));
    sent = { ...sent, orders: [...sent.orders, order], eventIds: [...sent.eventIds, eventId] };
  }

  const environment = (): NodeJS.ProcessEnv =>
    cleanEnvironment({
      ENDPOINT: pipeline.eddy.url,
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
    });

  test('takes orders, some of them twice, while Eddy is killed and started again', async () => {
    let placed = 0;
    let restarted: Promise<void> | undefined;
    const onPlaced = (): void => {
      placed += 1;
      if (placed === ORDERS / 3) restarted = pipeline.eddy.killAndRestart();
    };
    sent = await runLoad(pipeline, { orders: ORDERS, seed: SEED, customers: 8, duplicateShare: 0.2, onPlaced });
    await restarted;
    expect(placed).toBe(ORDERS);
    expect(sent.duplicates).toBeGreaterThan(3);
  }, 180_000);

  const [byBoto3, byCli] = makeOrders(2, SEED + 1) as [NewOrder, NewOrder];

  test.skipIf(noBoto3 !== undefined)('takes an order from boto3', async () => {
    await placeBy(byBoto3, async (entries) => {
      const { stdout, stderr, code } = await run('python3', ['-c', PUT_WITH_BOTO3], {
        env: environment(),
        input: entries,
      });
      expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
      return stdout.trim();
    });
  });

  test.skipIf(noCli !== undefined)('takes an order from the AWS CLI', async () => {
    await placeBy(byCli, async (entries) => {
      const words = ['--endpoint-url', pipeline.eddy.url, 'events', 'put-events', '--entries', entries];
      const { stdout, stderr, code } = await run('aws', words, { env: environment() });
      expect(`${code} ${stderr}`).toBe('0 ');
      return (JSON.parse(stdout) as { Entries: { EventId: string }[] }).Entries[0]?.EventId ?? '';
    });
  });

  test('brings everything where it belongs, and the books add up', async () => {
    const finished = await finish(pipeline, sent, () => {});
    ends = finished.ends;
    expect(linesOfChecks(finished.checks).filter((line) => !line.startsWith('  ok  '))).toEqual([]);
    expect(finished.checks).toHaveLength(12);
    expect(ends.shipments.length).toBeGreaterThan(ORDERS / 2);
    expect(ends.books.broken).toBeGreaterThan(0);
  }, 240_000);

  test('a reconciliation names what is missing and what is too much', () => {
    const [first, second] = ends.shipments as [Ends['shipments'][0], Ends['shipments'][0]];
    const { [second.id]: _lost, ...heard } = ends.books.heard;
    const [sku = ''] = Object.keys(ends.available);
    const wrong: Ends = {
      ...ends,
      shipments: ends.shipments.map((shipment) => (shipment === second ? first : shipment)),
      books: { ...ends.books, heard },
      available: { ...ends.available, [sku]: 1_000_000 },
      audited: new Set([...ends.audited].filter((id) => id !== sent.eventIds[0])),
      queues: { ...ends.queues, undelivered: { visible: 1, inFlight: 0, delayed: 0 } },
    };
    const problems = reconcile(sent, wrong).flatMap((check) => check.problems);
    expect(problems).toContain(`shipment is missing: ${second.id}`);
    expect(problems).toContain(`shipment is there more than once: ${first.id}`);
    expect(problems).toContain(`word to analytics is missing: ${second.id}`);
    expect(problems.some((problem) => problem.startsWith(`${sku}: the inventory says 1000000, it is`))).toBe(true);
    expect(problems).toContain(`audit record of event is missing: ${sent.eventIds[0]}`);
    expect(problems).toContain('undelivered holds 1');
  });
});

describe('npm run demo', () => {
  const demo = (...words: string[]) =>
    run(process.execPath, ['tools/run-ts.mjs', 'examples/order-pipeline/source/demo/run.ts', ...words]);

  test('tells what came out, ends with 0 when the books add up, and leaves no process behind', async () => {
    const { stdout, stderr, code } = await demo('--orders', '10', '--seed', '2', '--sdk', '--calm');
    expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
    expect(stdout).toContain(' 100 %  10 of 10 orders, ');
    expect(stdout).toContain('ok    orders in = paid + declined: 10 = ');
    expect(stdout).toContain('Everything adds up.');
    const pid = Number(/\(process (\d+)\)/.exec(stdout)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 180_000);

  test('refuses an option that there is not', async () => {
    const { stderr, code } = await demo('--order', '10');
    expect(code).toBe(1);
    expect(stderr).toContain('--order is not understood: --orders, ');
  });
});
