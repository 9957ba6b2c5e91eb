import { describe, expect, it } from 'vitest';
import type { FinalReply } from '#cell/command.ts';
import { serverPrincipal } from './internal.ts';
import { SAMPLES } from './samples/catalogue.ts';
import { CUSTOMER, PartnerBench } from './testing.ts';

function emit(bench: PartnerBench, input: object): Promise<FinalReply> {
  return bench.test.reply('events', '(emit-sample-event)', input, {
    scope: CUSTOMER,
    principal: serverPrincipal(CUSTOMER),
  });
}

describe('samples of service events', () => {
  it.each(SAMPLES.map(({ service, detailType }) => [service, detailType]))(
    '%s "%s" arrives as the service’s, with everything filled in',
    async (service, detailType) => {
      const bench = await PartnerBench.open();
      await bench.watch('default');
      await emit(bench, { service, detailType });
      const [event] = await bench.seen();
      expect(event).toMatchObject({
        source: `aws.${service}`,
        'detail-type': detailType,
        account: CUSTOMER.account,
        region: 'us-east-1',
        time: '2026-01-15T12:00:00Z',
      });
      expect(JSON.stringify(event)).not.toMatch(/\{(account|region|partition|uuid|time)\}/);
    },
  );

  it('have the members that were given instead of their own, as deep as they are', async () => {
    const bench = await PartnerBench.open();
    await bench.watch('default');
    const detail = '{"bucket":{"name":"mine"},"object":{"key":"a/b"},"reason":["x"],"__proto__":{"a":1}}';
    await emit(bench, { service: 'AWS.s3', detailType: 'object created', detail });
    const [event] = await bench.seen();
    expect(event?.['detail']).toMatchObject({
      bucket: { name: 'mine' },
      object: { key: 'a/b', size: 5 },
      reason: ['x'],
    });
    expect(Object.hasOwn(event?.['detail'] as object, '__proto__')).toBe(true);
  });

  it.each([
    [{ service: 'ec2', detailType: 'Object Created' }, 'ResourceNotFoundException'],
    [{ service: 's3', detailType: 'Object Created', bus: 'none' }, 'ResourceNotFoundException'],
    [{ service: 's3', detailType: 'Object Created', detail: '[1]' }, 'ValidationException'],
    [{ service: 's3', detailType: 'Object Created', detail: '{"a":'.repeat(100_000) }, 'ValidationException'],
  ])('are refused for %.60j', async (input, code) => {
    const bench = await PartnerBench.open();
    expect(await emit(bench, input)).toMatchObject({ refused: { code } });
  });

  it('are the server’s to emit: no client or service can, whatever it is allowed', async () => {
    const bench = await PartnerBench.open();
    const sample = { service: 's3', detailType: 'Object Created' };
    expect(await bench.refusal(CUSTOMER, '(emit-sample-event)', sample)).toMatchObject({
      code: 'UnknownOperationException',
    });
  });
});
