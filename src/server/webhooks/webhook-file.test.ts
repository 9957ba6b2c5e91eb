import { describe, expect, test } from 'vitest';
import { StartupProblem } from '#base/startup-problem.ts';
import { webhooksOf } from './webhook-file.ts';

const environment = { SECRET: 'whsec_test' };
const stripe = { name: 'billing', kind: 'stripe', secretEnv: 'SECRET' };
const hmac = {
  name: 'a/b',
  kind: 'hmac',
  secretEnv: 'SECRET',
  partner: 'example.com',
  header: 'X-Sign',
  detailType: 'x',
};

function problemOf(...webhooks: unknown[]): string {
  try {
    webhooksOf({ webhooks }, environment);
  } catch (problem) {
    if (problem instanceof StartupProblem && problem.code === 'CFG-05') return problem.message;
  }
  throw new Error('the file was accepted');
}

describe('the file of webhooks', () => {
  test('names source, account and region, and not the secret', () => {
    const [webhook] = webhooksOf({ webhooks: [stripe] }, environment);
    expect(webhook).toMatchObject({
      sourceName: 'aws.partner/stripe.com/billing',
      account: '000000000000',
      region: 'us-east-1',
      toleranceSeconds: 300,
    });
    expect(webhook?.secret().toString()).toBe('whsec_test');
    expect(JSON.stringify(webhook)).not.toContain('whsec_test');
  });

  test('has the form of a signature for any sender', () => {
    const [webhook] = webhooksOf(
      { webhooks: [{ ...hmac, algorithm: 'sha512', detailTypePath: 'event.type' }] },
      environment,
    );
    expect(webhook).toMatchObject({
      sourceName: 'aws.partner/example.com/a/b',
      form: { header: 'x-sign', algorithm: 'sha512', encoding: 'hex', detailTypePath: ['event', 'type'] },
    });
  });

  test.each([
    [{ ...stripe, kind: 'strip' }, 'kind is one of stripe'],
    [{ ...stripe, secretEnv: 'OTHER' }, 'the environment variable OTHER is not set'],
    [{ ...stripe, secretEn: 'x' }, 'secretEn is not known (did you mean secretEnv?)'],
    [{ ...stripe, header: 'x' }, 'header is not known'],
    [{ ...stripe, name: 'a b' }, 'is no name of a partner event source'],
    [{ ...stripe, account: '1' }, 'account has 12 digits'],
    [{ ...stripe, region: '../x' }, 'region is like'],
    [{ ...stripe, toleranceSeconds: 0 }, 'toleranceSeconds is a whole number'],
    [{ ...stripe, name: 1 }, 'name is a text'],
    [{ ...stripe, kind: 'salesforce' }, 'organizationId is missing'],
    [{ ...hmac, algorithm: 'md5' }, 'algorithm is one of'],
    [{ ...hmac, header: 'a b' }, 'header is the name of a header'],
    [{ ...hmac, detailType: undefined }, 'detailType is missing'],
    [{ ...hmac, separator: '.' }, 'separator is for a timestampHeader'],
    [null, 'is no object'],
  ])('%j is refused: %s', (webhook, text) => {
    expect(problemOf(webhook)).toContain(text);
  });

  test('two webhooks of one source, and another shape, are refused', () => {
    expect(problemOf(stripe, stripe)).toContain(
      'Two webhooks are for 000000000000/us-east-1/aws.partner/stripe.com/billing',
    );
    for (const value of [[], null, { webhooks: {} }, { webhooks: [], more: 1 }]) {
      expect(() => webhooksOf(value, environment)).toThrow(StartupProblem);
    }
  });
});
