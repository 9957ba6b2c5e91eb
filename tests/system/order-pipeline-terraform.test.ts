// examples/order-pipeline deployed by Terraform's own AWS provider and, from the same files, through the AWS SDK: a second plan shows no changes,
// both deployments are the same resource for resource, an order goes its way, and destroy leaves nothing.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeEvents, makeKinesis } from '../../examples/order-pipeline/source/clients.ts';
import type { BusEvent, OrderPaid } from '../../examples/order-pipeline/source/contracts.ts';
import { REGION } from '../../examples/order-pipeline/source/demo/eddy.ts';
import { run as runNode, type Started, start } from '../../examples/order-pipeline/source/demo/processes.ts';
import { deployBySdk } from '../../examples/order-pipeline/source/deploy/deploy.ts';
import { readModule } from '../../examples/order-pipeline/source/deploy/hcl.ts';
import { makeOrders } from '../../examples/order-pipeline/source/load/orders.ts';
import { publish } from '../../examples/order-pipeline/source/publish.ts';
import { auditEvents } from '../../examples/order-pipeline/source/services/audit-stream.ts';
import type { Books } from '../../examples/order-pipeline/source/third-parties/run.ts';
import { describeDeployed } from './deployed.ts';
import { type EddyProcess, PROJECT, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

const MODULE = join(PROJECT, 'examples', 'order-pipeline', 'terraform');
const reason = await whyNoTerraform();

describe.skipIf(reason !== undefined)(
  `the order pipeline by Terraform${reason === undefined ? '' : ` (not run: ${reason})`}`,
  () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let thirdParties: Started;
    let byTerraform: EddyProcess;
    let bySdk: EddyProcess;
    let module: Module;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const whereOf = ({ url }: EddyProcess) => ({ endpoint: url, region: REGION, credentials });
    const variablesOf = ({ url }: EddyProcess): Record<string, string> => {
      const others = /http:\/\/\S+/.exec(thirdParties.said)?.[0];
      return {
        endpoint: url,
        packages: join(folder.path, 'build'),
        gateway_url: `${others}/gateway`,
        provider_url: `${others}/messages`,
        analytics_url: `${others}/analytics`,
      };
    };

    beforeAll(async () => {
      folder = temporaryFolder();
      const build = join(folder.path, 'build');
      await runNode([join(PROJECT, 'examples', 'order-pipeline', 'package.mjs'), build], PROJECT);
      thirdParties = await start({
        args: [join(build, 'third-parties.cjs')],
        env: { CALM: 'yes' },
        isReady: /^Ready at/m,
      });
      byTerraform = await startEddy(['--data-dir', join(folder.path, 'terraform-data')]);
      bySdk = await startEddy(['--data-dir', join(folder.path, 'sdk-data')]);
      module = openModule(MODULE, folder.path, () => variablesOf(byTerraform));
    }, 120_000);

    afterAll(async () => {
      for (const one of [byTerraform, bySdk, thirdParties]) await one?.end('SIGKILL');
      folder.remove();
    });

    test('terraform apply deploys it', { timeout: 600_000 }, async () => {
      const outputs = await module.apply();
      expect(outputs).toMatchObject({ bus_name: 'shop', audit_stream: 'audit', lake: 'order-pipeline-lake' });
    });

    test('a second plan shows no changes', { timeout: 300_000 }, async () => {
      await expectNoChanges(module);
    });

    test('the deployment through the SDK makes the same resources', { timeout: 120_000 }, async () => {
      const made: string[] = [];
      const deployment = {
        module: MODULE,
        variables: variablesOf(bySdk),
        onProgress: (line: string) => void made.push(line),
      };
      await deployBySdk(deployment, whereOf(bySdk));
      expect(made).toHaveLength(readModule(MODULE).filter(({ type }) => type === 'resource').length);
      expect(await describeDeployed(whereOf(bySdk))).toEqual(await describeDeployed(whereOf(byTerraform)));
    });

    test('an order goes its way through what Terraform has deployed', { timeout: 120_000 }, async () => {
      const [order] = makeOrders(1, 1);
      const detail = { ...order, placedAtMs: Date.now() };
      const news = [{ source: 'shop.orders', type: 'OrderPlaced', detail }];
      await publish(makeEvents(whereOf(byTerraform)), 'shop', news);
      const others = /http:\/\/\S+/.exec(thirdParties.said)?.[0];
      for (;;) {
        const { messages, heard } = (await (await fetch(`${others}/books`)).json()) as Books;
        if (messages[`${order?.orderId}/email`] !== undefined && heard[order?.orderId ?? ''] !== undefined) break;
      }
      const queue = `${byTerraform.url}/_eddy/peek?queue=`;
      for (const name of ['inventory', 'shipping']) {
        const { messages } = (await (await fetch(queue + name)).json()) as { messages: { body: string }[] };
        expect((JSON.parse(messages[0]?.body ?? '{}') as BusEvent<OrderPaid>).detail.orderId).toBe(order?.orderId);
      }
      const audited: string[] = [];
      for await (const event of auditEvents(makeKinesis(whereOf(byTerraform)), 'audit'))
        audited.push(event['detail-type']);
      expect(audited.sort()).toEqual(['OrderPaid', 'OrderPlaced']);
    });

    test('terraform destroy leaves nothing', { timeout: 600_000 }, async () => {
      await module.destroy();
      expect(await describeDeployed(whereOf(byTerraform))).toEqual({
        events: {},
        queues: {},
        topics: {},
        functions: {},
        roles: {},
        policies: {},
        groups: {},
        streams: {},
        deliveries: {},
        buckets: [],
      });
    });
  },
);
