// Everything of EventBridge that Terraform deploys, against the real program: events go from the AWS CLI through rules, a pipe, schedules and an
// API destination to where they end; explain tells why; a replay brings them again; destroy leaves nothing.

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, eddy, PROJECT, run, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

const reason = await whyNoTerraform('aws');

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The partner's endpoint: keeps what it was sent; gives tokens to whoever asks. */
class Partner {
  readonly received: Received[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      request.on('end', () => {
        const { method, url, headers } = request;
        if (url !== '/token') this.received.push({ method, url, headers, body });
        response.setHeader('content-type', 'application/json');
        response.end(url === '/token' ? '{"access_token":"token","token_type":"Bearer","expires_in":3600}' : '{}');
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe.skipIf(reason !== undefined)(`an event bus${reason === undefined ? '' : ` (not run: ${reason})`}`, () => {
  const partner = new Partner();
  let folder: ReturnType<typeof temporaryFolder>;
  let module: Module;
  let server: EddyProcess;
  let outputs: Record<string, string>;

  beforeAll(async () => {
    folder = temporaryFolder();
    const partnerUrl = await partner.listen();
    server = await startEddy(['--data-dir', join(folder.path, 'data')]);
    const source = join(PROJECT, 'tests', 'system', 'modules', 'event-bus');
    module = openModule(source, folder.path, () => ({ endpoint: server.url, partner_endpoint: partnerUrl }));
  });

  afterAll(async () => {
    await server.end('SIGKILL');
    partner.close();
    folder.remove();
  });

  async function aws(...args: string[]): Promise<Record<string, unknown>> {
    const env = cleanEnvironment({
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'us-east-1',
    });
    const command = ['--endpoint-url', server.url, '--output', 'json', ...args];
    const { code, stdout, stderr } = await run('aws', command, { env });
    expect(`${code} ${stderr}`).toBe('0 ');
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  }

  async function cli(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await eddy(args, { EDDY_ENDPOINT: server.url });
    expect(`${code} ${stderr}`).toBe('0 ');
    return stdout;
  }

  async function bodies(queue: string): Promise<string[]> {
    const text = (await cli('peek', queue, '--json')).trim();
    return text === '' ? [] : text.split('\n').map((line) => (JSON.parse(line) as { body: string }).body);
  }

  /** Asks again until it is so; the test's own time limit ends it otherwise. */
  async function until<T>(ask: () => Promise<T> | T, isSo: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (isSo(answer)) return answer;
    }
  }

  async function put(detail: object, type = 'OrderPlaced'): Promise<string> {
    const entry = { Source: 'shop.orders', DetailType: type, Detail: JSON.stringify(detail), EventBusName: 'shop' };
    const { Entries, FailedEntryCount } = await aws('events', 'put-events', '--entries', JSON.stringify([entry]));
    expect(FailedEntryCount).toBe(0);
    return (Entries as { EventId: string }[])[0]!.EventId;
  }

  test('terraform apply deploys it', { timeout: 300_000 }, async () => {
    outputs = await module.apply();
    expect(outputs['bus']).toBe('arn:aws:events:us-east-1:000000000000:event-bus/shop');
  });

  test('a second plan shows no changes', { timeout: 120_000 }, async () => {
    await expectNoChanges(module);
  });

  test('an order goes to every target of its rule, each in its form', { timeout: 60_000 }, async () => {
    const id = await put({ id: 'o-1', total: 700, country: 'DE' });
    const [piped] = await until(
      () => bodies('piped'),
      (found) => found.length > 0,
    );
    expect(JSON.parse(piped!)).toEqual({ order: 'o-1', pipe: 'orders' });
    expect(await bodies('orders')).toEqual([]);
    const [shaped] = await bodies('shaped');
    expect(JSON.parse(shaped!)).toEqual({ order: 'o-1', text: 'Order o-1 over 700', rule: 'order-placed' });
    const { events } = await aws('logs', 'filter-log-events', '--log-group-name', '/aws/events/shop');
    const lines = (events as { message: string }[]).map(({ message }) => JSON.parse(message) as { id: string });
    expect(lines.map((line) => line.id)).toEqual([id]);
    const [sent] = await until(
      () => partner.received,
      (received) => received.length > 0,
    );
    expect(sent).toMatchObject({ method: 'POST', url: '/orders?source=bus' });
    expect(sent?.headers).toMatchObject({ 'x-api-key': 'key-of-the-partner', 'x-shop': 'eddy', 'x-tenant': 'shop' });
    expect(JSON.parse(sent!.body)).toMatchObject({ id, detail: { id: 'o-1' }, token: 'token-in-the-body' });
    expect(await bodies('undelivered')).toEqual([]);
    expect(await cli('explain', id)).toContain('order-placed');
  });

  test('explain says in the words of the fields why an order did not match', async () => {
    const id = await put({ id: 'o-2', total: 99.5, country: 'DE' });
    const told = await cli('explain', id);
    expect(told).toContain('detail.total');
    expect(told).toContain('99.5');
  });

  test('a replay brings the orders again', { timeout: 60_000 }, async () => {
    const { ArchiveArn } = await aws('events', 'describe-archive', '--archive-name', 'orders');
    const range = ['--event-start-time', '2020-01-01T00:00:00Z', '--event-end-time', '2099-01-01T00:00:00Z'];
    const destination = JSON.stringify({ Arn: outputs['bus'] });
    const source = ['--event-source-arn', String(ArchiveArn), '--destination', destination];
    await aws('events', 'start-replay', '--replay-name', 'again', ...source, ...range);
    await until(
      async () => (await aws('events', 'describe-replay', '--replay-name', 'again'))['State'],
      (state) => state === 'COMPLETED',
    );
    await until(
      () => bodies('shaped'),
      (found) => found.length === 2,
    );
  });

  test('schedules run when their time comes', { timeout: 60_000 }, async () => {
    await cli('clock', 'freeze');
    // A day, no more: whatever time it is now, the daily one comes once.
    await cli('clock', 'advance', '24h');
    const ticks = await bodies('ticks');
    expect(ticks.filter((body) => body === '{"report":"daily"}')).toHaveLength(1);
    expect(ticks.filter((body) => body === 'tick').length).toBeGreaterThanOrEqual(23);
    await cli('clock', 'resume');
  });

  test('terraform destroy leaves nothing', { timeout: 300_000 }, async () => {
    await module.destroy();
    expect((await aws('events', 'list-event-buses'))['EventBuses']).toMatchObject([{ Name: 'default' }]);
    expect((await aws('events', 'list-rules'))['Rules']).toEqual([]);
    expect((await aws('events', 'list-archives'))['Archives']).toEqual([]);
    expect((await aws('events', 'list-connections'))['Connections']).toEqual([]);
    expect((await aws('events', 'list-api-destinations'))['ApiDestinations']).toEqual([]);
    expect((await aws('scheduler', 'list-schedules'))['Schedules']).toEqual([]);
    expect((await aws('pipes', 'list-pipes'))['Pipes']).toEqual([]);
    expect((await aws('schemas', 'list-discoverers'))['Discoverers']).toEqual([]);
  });
});
