import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payloadOf, type TestRunner, testRunner, textsOf } from './testing.ts';

let tested: TestRunner;
beforeAll(() => {
  tested = testRunner();
});
afterAll(() => tested.close());

const define = (files: Record<string, string>, config = {}) =>
  tested.define(files, { runtime: 'nodejs20.x', handler: 'app.handler', ...config });
const script = (source: string, config = {}) => define({ 'app.js': source }, config);

test.each([
  ['an async CommonJS handler', { 'app.js': 'exports.handler = async (event) => ({ got: event });' }],
  [
    'a callback handler',
    { 'app.js': 'exports.handler = (event, context, done) => setTimeout(() => done(null, { got: event }), 1);' },
  ],
  ['an ES module', { 'app.mjs': 'export const handler = async (event) => ({ got: event });' }],
  [
    'an ES module by package.json',
    { 'app.js': 'export const handler = async (event) => ({ got: event });', 'package.json': '{"type":"module"}' },
  ],
  ['context.succeed', { 'app.cjs': 'exports.handler = (event, context) => { context.succeed({ got: event }); };' }],
])('%s answers', async (_title, files) => {
  const outcome = await define(files as unknown as Record<string, string>).invoke({ n: 1 });
  expect(payloadOf(outcome)).toEqual({ got: { n: 1 } });
  expect(outcome.functionError).toBeUndefined();
});

test('what .js means is not said by a package.json above the store', async () => {
  writeFileSync(join(tested.folder, 'package.json'), '{"type":"module"}');
  const plain = await script('exports.handler = async () => typeof require;').invoke({});
  expect(payloadOf(plain)).toBe('function');
  const own = { 'app.js': 'export const handler = async () => 1;', 'package.json': '{"type":"module"}' };
  expect(payloadOf(await define(own).invoke({}))).toBe(1);
  rmSync(join(tested.folder, 'package.json'));
});

test('the context names the invocation', async () => {
  const tried = script(`exports.handler = async (event, context) => ({
    ...context, left: context.getRemainingTimeInMillis() > 0 });`);
  const request = tried.request(null);
  expect(payloadOf(await tested.runner.invoke(request))).toMatchObject({
    awsRequestId: request.requestId,
    functionName: 'tested',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    invokedFunctionArn: request.invokedArn,
    left: true,
  });
});

test('console lines carry time, request and level, and stay one event each', async () => {
  const tried = script(`console.log('starting'); exports.handler = async () => {
    console.log('a %d\\nb', 1); console.error(new Error('bad').message); process.stdout.write('raw\\n'); };`);
  const request = tried.request(null);
  const texts = textsOf(await tested.runner.invoke(request));
  const stamp = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  expect(texts).toEqual([
    ...texts.slice(
      0,
      texts.findIndex((text) => text.includes('starting')),
    ),
    expect.stringMatching(new RegExp(`${stamp}\tundefined\tINFO\tstarting$`)),
    `START RequestId: ${request.requestId} Version: $LATEST`,
    expect.stringMatching(new RegExp(`${stamp}\t${request.requestId}\tINFO\ta 1\nb$`)),
    expect.stringMatching(new RegExp(`${stamp}\t${request.requestId}\tERROR\tbad$`)),
    'raw',
    `END RequestId: ${request.requestId}`,
    expect.stringMatching(/^REPORT /),
  ]);
});

test('a thrown error comes back with its type, message and trace', async () => {
  const outcome = await script("exports.handler = async () => { throw new TypeError('no'); };").invoke(null);
  expect(payloadOf(outcome)).toEqual({
    errorType: 'TypeError',
    errorMessage: 'no',
    trace: expect.arrayContaining(['TypeError: no']),
  });
  expect(textsOf(outcome).join('\n')).toContain('\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"no"');
});

test.each([
  [
    'a string',
    "exports.handler = async () => { throw 'text'; };",
    { errorType: 'string', errorMessage: 'text', trace: [] },
  ],
  [
    'a callback’s error',
    "exports.handler = (e, c, done) => { done(new Error('x')); };",
    { errorType: 'Error', errorMessage: 'x' },
  ],
  [
    'a rejection nobody handles',
    "exports.handler = () => { Promise.reject(new Error('lost')); setTimeout(() => {}, 1000); };",
    { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
  ],
  [
    'an exception nobody catches',
    "exports.handler = () => { setTimeout(() => { throw new RangeError('late'); }, 1); };",
    { errorType: 'RangeError', errorMessage: 'late' },
  ],
  [
    'a promise that is never settled',
    'exports.handler = async () => { await new Promise(() => {}); };',
    { errorType: 'Runtime.NodeJsExit' },
  ],
  ['no such module', { handler: 'other.handler' }, { errorType: 'Runtime.ImportModuleError' }],
  [
    'no such export',
    'exports.x = 1;',
    { errorType: 'Runtime.HandlerNotFound', errorMessage: 'app.handler is undefined or not exported' },
  ],
  [
    'not a function',
    'exports.handler = 1;',
    { errorType: 'Runtime.HandlerNotFound', errorMessage: 'app.handler is not a function' },
  ],
  ['a syntax error', 'exports.handler = {', { errorType: 'Runtime.UserCodeSyntaxError' }],
])('%s is an error', async (_title, source, expected) => {
  const tried = typeof source === 'string' ? script(source) : script('', source);
  const outcome = await tried.invoke(null);
  expect(payloadOf(outcome)).toMatchObject(expected);
  expect(outcome).toMatchObject({ functionError: 'Unhandled', errorType: expected.errorType });
});

test('a handler that neither returns nor calls back answers null once nothing is left to do', async () => {
  expect(payloadOf(await script('exports.handler = () => {};').invoke(null))).toBeNull();
});

test('a callback waits for an empty event loop unless told otherwise', async () => {
  const tried = script(`exports.handler = (event, context, done) => {
    let late = false;
    context.callbackWaitsForEmptyEventLoop = event;
    setTimeout(() => { late = true; }, 20);
    done(null, { get late() { return late; } });
  };`);
  expect(payloadOf(await tried.invoke(true))).toEqual({ late: true });
  expect(payloadOf(await tried.invoke(false))).toEqual({ late: false });
});

test('process.exit is reported with its status', async () => {
  const tried = script('exports.handler = async (event) => { process.exit(event); };');
  const request = tried.request(7);
  expect(payloadOf(await tested.runner.invoke(request))).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${request.requestId} Error: Runtime exited with error: exit status 7`,
  });
  const second = tried.request(0);
  expect(payloadOf(await tested.runner.invoke(second))).toMatchObject({
    errorMessage: `RequestId: ${second.requestId} Error: Runtime exited without providing a reason`,
  });
});
