import { afterAll, beforeAll, expect, test } from 'vitest';
import { payloadOf, type TestRunner, testRunner, textsOf } from './testing.ts';

let tested: TestRunner;
beforeAll(() => {
  tested = testRunner();
});
afterAll(() => tested.close());

/** The Runtime API as a custom runtime uses it, in Node because that is surely there. */
const BOOTSTRAP = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
(async () => {
  for (;;) {
    const next = await fetch(base + 'next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const event = await next.json();
    console.log('custom', event);
    const wrong = await fetch(base + '00000000-0000-4000-8000-000000000000/response', { method: 'POST', body: '1' });
    await fetch(base + id + '/response', { method: 'POST', body: JSON.stringify([event, wrong.status]) });
  }
})();
`;

test('a bootstrap in the package runs as the runtime', async () => {
  const tried = tested.define({ bootstrap: BOOTSTRAP }, { runtime: 'provided.al2023', handler: 'anything' });
  const outcome = await tried.invoke('hello');
  expect(payloadOf(outcome)).toEqual(['hello', 400]);
  expect(textsOf(outcome)).toContain('custom hello');
});

test('a package without a bootstrap is an error of the invocation', async () => {
  const tried = tested.define({ 'other.txt': '' }, { runtime: 'provided.al2' });
  const outcome = await tried.invoke(null);
  expect(payloadOf(outcome)).toMatchObject({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: expect.stringContaining("Couldn't find valid bootstrap(s)"),
  });
});

test('code that is not stored is an error of the invocation', async () => {
  const tried = tested.define({}, { runtime: 'nodejs20.x' });
  const outcome = await tried.invoke(null, { code: 'gone', functionKey: 'gone' });
  expect(payloadOf(outcome)).toMatchObject({ errorType: 'Runtime.InvalidEntrypoint' });
});
