// The whole of examples/notification-system against the real program: deployed with Terraform's own AWS provider, driven with the AWS CLI,
// killed and restarted. The provider itself waits about three minutes for AWS's slowness, so `npm run check` leaves this to `npm test`.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, eddy, PROJECT, run, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

const EXAMPLE = join(PROJECT, 'examples', 'notification-system');

const reason = await whyNoTerraform('aws', 'python3');

describe.skipIf(reason !== undefined)(
  `the notification system${reason === undefined ? '' : ` (not run: ${reason})`}`,
  () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let module: Module;
    let server: EddyProcess;
    let port: string;
    let outputs: Record<string, string>;

    beforeAll(async () => {
      folder = temporaryFolder();
      module = openModule(EXAMPLE, folder.path, () => ({ endpoint: server.url }));
      await start('0');
      port = new URL(server.url).port;
      expect((await run('python3', ['package.py'], { cwd: module.path })).code).toBe(0);
    });

    afterAll(async () => {
      await server.end('SIGKILL');
      folder.remove();
    });

    async function start(onPort: string): Promise<void> {
      server = await startEddy(['--data-dir', join(folder.path, 'data'), '--port', onPort]);
    }

    async function aws(...args: string[]): Promise<Record<string, unknown>> {
      const env = cleanEnvironment({
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_DEFAULT_REGION: 'us-east-1',
      });
      const { code, stdout, stderr } = await run('aws', ['--endpoint-url', server.url, '--output', 'json', ...args], {
        env,
      });
      expect(`${code} ${stderr}`).toBe('0 ');
      return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
    }

    async function cli(...args: string[]): Promise<string> {
      const { code, stdout, stderr } = await eddy(args, { EDDY_ENDPOINT: server.url });
      expect(`${code} ${stderr}`).toBe('0 ');
      return stdout;
    }

    async function publish(message: object, subject: string): Promise<string> {
      const { MessageId } = await aws(
        'sns',
        'publish',
        '--topic-arn',
        outputs['topic_arn']!,
        '--subject',
        subject,
        '--message',
        JSON.stringify(message),
      );
      return MessageId as string;
    }

    async function logLines(): Promise<string[]> {
      const { events } = await aws('logs', 'filter-log-events', '--log-group-name', outputs['log_group']!);
      return (events as { message: string }[]).map((event) => event.message);
    }

    async function peek(queue: string): Promise<{ state: string; body: string; attributes: Record<string, string> }[]> {
      const text = await cli('peek', queue, '--json');
      return text.trim() === ''
        ? []
        : text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
    }

    /** Asks again until it is so; the test's own time limit ends it otherwise. */
    async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
      for (;;) {
        const answer = await ask();
        if (isSo(answer)) return answer;
      }
    }

    test('terraform apply deploys it', { timeout: 300_000 }, async () => {
      outputs = await module.apply();
      expect(outputs).toMatchObject({
        account_id: '000000000000',
        region: 'us-east-1',
        topic_arn: 'arn:aws:sns:us-east-1:000000000000:critical-application-events',
        queue_url: `${server.url}/000000000000/critical-notification-queue`,
        dead_letter_queue_arn: 'arn:aws:sqs:us-east-1:000000000000:critical-notification-queue-dlq',
      });
    });

    test('a second plan shows no changes', { timeout: 120_000 }, async () => {
      await expectNoChanges(module);
    });

    test('a published event runs the function, and leaves the queue', async () => {
      await publish({ EventSource: 'UserService', Message: 'The disk is 93 % full' }, 'Disk almost full');
      const lines = await until(logLines, (found) => found.some((line) => line.startsWith('REPORT')));
      expect(lines.join('')).toContain(
        'critical notification from UserService in local: The disk is 93 % full (subject: Disk almost full, receive 1)',
      );
      expect(
        await until(
          () => peek('critical-notification-queue'),
          (messages) => messages.length === 0,
        ),
      ).toEqual([]);
    });

    test('an event that the handler cannot take is tried five times and is then a dead letter', {
      timeout: 120_000,
    }, async () => {
      await cli('clock', 'freeze');
      const id = await publish({ Message: 'from nobody' }, 'Nobody');
      await until(
        () => peek('critical-notification-queue'),
        ([message]) => message?.attributes['ApproximateReceiveCount'] === '1',
      );
      await cli('clock', 'advance', '40m');
      const [dead] = await until(
        () => peek('critical-notification-queue-dlq'),
        (messages) => messages.length > 0,
      );
      expect(dead?.attributes).toMatchObject({
        ApproximateReceiveCount: '5',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:critical-notification-queue',
      });
      expect(await peek('critical-notification-queue')).toEqual([]);
      const failures = (await logLines()).filter((line) => line.includes('[ERROR] KeyError'));
      expect(failures).toHaveLength(5);
      await cli('clock', 'resume');
      const journey = await cli('explain', id);
      expect(journey).toContain('published to arn:aws:sns:us-east-1:000000000000:critical-application-events');
      expect(journey).toContain('critical-notification-queue-dlq');
      expect(journey).not.toContain('AWS would have denied');
    });

    test('what was acknowledged survives kill -9, and the function continues', { timeout: 120_000 }, async () => {
      const sent = Array.from({ length: 20 }, (_, i) => ({
        EventSource: 'OrderService',
        Message: `order ${i} failed`,
      }));
      await Promise.all(sent.map((event) => publish(event, 'Order')));
      await server.end('SIGKILL');
      await start(port);
      expect(await peek('critical-notification-queue-dlq')).toHaveLength(1);
      // Messages that were in flight come back when their visibility timeout is over.
      await cli('clock', 'freeze');
      await cli('clock', 'advance', '6m');
      const handled = (lines: string[]): number =>
        sent.filter(({ Message }) => lines.some((line) => line.includes(Message))).length;
      expect(
        await until(
          async () => handled(await logLines()),
          (count) => count === sent.length,
        ),
      ).toBe(20);
      expect(
        await until(
          () => peek('critical-notification-queue'),
          (messages) => messages.length === 0,
        ),
      ).toEqual([]);
      await cli('clock', 'resume');
    });

    test('a move task brings the dead letter back to its queue', async () => {
      await aws('lambda', 'update-event-source-mapping', '--uuid', await mappingId(), '--no-enabled');
      const { TaskHandle } = await aws(
        'sqs',
        'start-message-move-task',
        '--source-arn',
        outputs['dead_letter_queue_arn']!,
      );
      expect(TaskHandle).toBeTruthy();
      const [back] = await until(
        () => peek('critical-notification-queue'),
        (messages) => messages.length > 0,
      );
      expect(back?.body).toContain('from nobody');
      expect(await peek('critical-notification-queue-dlq')).toEqual([]);
      await aws('lambda', 'update-event-source-mapping', '--uuid', await mappingId(), '--enabled');
    });

    async function mappingId(): Promise<string> {
      const { EventSourceMappings } = await aws('lambda', 'list-event-source-mappings');
      return (EventSourceMappings as { UUID: string }[])[0]!.UUID;
    }

    test('terraform destroy leaves nothing', { timeout: 300_000 }, async () => {
      await module.destroy();
      expect((await aws('sqs', 'list-queues'))['QueueUrls']).toBeUndefined();
      expect((await aws('sns', 'list-topics'))['Topics']).toEqual([]);
      expect((await aws('sns', 'list-subscriptions'))['Subscriptions']).toEqual([]);
      expect((await aws('lambda', 'list-functions'))['Functions']).toEqual([]);
      expect((await aws('lambda', 'list-event-source-mappings'))['EventSourceMappings']).toEqual([]);
      expect((await aws('iam', 'list-roles'))['Roles']).toEqual([]);
      expect((await aws('iam', 'list-policies', '--scope', 'Local'))['Policies']).toEqual([]);
      expect((await aws('logs', 'describe-log-groups'))['logGroups']).toEqual([]);
    });
  },
);
