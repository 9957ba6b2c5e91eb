// Code that was uploaded to do harm, or was only written badly: packages that are none, handlers that end the process, runtimes that do not keep
// to the Runtime API, values that no process can be started with. The invocation fails, in Lambda's words; the server does not.

import { randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '#runtime/functions/testing.ts';
import { HostileServer } from './hostile-server.ts';
import { type Answer, closeConnections, restAsk } from './raw-ask.ts';

const ROLE = 'arn:aws:iam::000000000000:role/canary';
const FUNCTIONS = '/2015-03-31/functions';
const MIB = 1_048_576;

let server: HostileServer;

beforeAll(async () => {
  server = await HostileServer.start();
});

afterAll(async () => {
  closeConnections();
  expect(server.process.output().split('\nReady.\n').at(-1)).toBe('');
  await server.end();
});

interface Settings {
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Timeout?: number;
  readonly Environment?: object;
}

async function create(zip: Uint8Array, settings: Settings = {}): Promise<{ name: string; answer: Answer }> {
  const name = `f-${randomUUID()}`;
  const Code = { ZipFile: Buffer.from(zip).toString('base64') };
  const usual = { FunctionName: name, Role: ROLE, Runtime: 'nodejs20.x', Handler: 'index.handler', Timeout: 20 };
  return { name, answer: await server.ask(restAsk('POST', FUNCTIONS, { ...usual, ...settings, Code })) };
}

async function invoke(name: string, headers: Record<string, string> = {}): Promise<Answer> {
  const asked = restAsk('POST', `${FUNCTIONS}/${name}/invocations`, { some: 'event' });
  return server.ask({ ...asked, headers: { ...asked.headers, ...headers } });
}

/** What comes of a package that is taken, when it is invoked. */
async function outcome(zip: Uint8Array, settings: Settings = {}): Promise<string> {
  const { name, answer } = await create(zip, settings);
  if (answer.status !== 201) return `refused: ${answer.status} ${answer.code}`;
  const { status, headers, text } = await invoke(name);
  return `${status} ${String(headers['x-amz-function-error'] ?? 'answered')} ${text.slice(0, 300)}`;
}

const handler = (code: string) => zipOf({ 'index.js': code });
/** A runtime of its own: Node without our client, so it may do at the Runtime API what it likes. */
const runtime = (code: string) => {
  const program = `#!${process.execPath}
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime';
const next = async () => (await fetch(api + '/invocation/next')).headers.get('lambda-runtime-aws-request-id');
const post = (path, body, headers = {}) => fetch(api + path, { method: 'POST', body, headers });
(async () => { ${code} })();`;
  return zipOf({ bootstrap: program });
};
const provided = { Runtime: 'provided.al2023', Handler: 'x', Timeout: 1 };

describe('a package', () => {
  test.each([
    ['that is no zip', Buffer.from('PK nothing of the kind')],
    ['that is cut short', Buffer.from(zipOf({ 'index.js': 'x'.repeat(1_000) })).subarray(0, 60)],
    ['that is empty', Buffer.from(zipOf({}))],
    ['whose table of contents lies about its length', lyingEnd()],
  ])('%s is refused', async (_, zip) => {
    const { answer } = await create(zip);
    expect(`${answer.status} ${answer.code}`).toBe('400 InvalidParameterValueException');
  });

  test.each([
    ['leads out of its folder', zipOf({ '../../../../tmp/outside': 'x', 'index.js': '' })],
    ['names an absolute path', zipOf({ '/tmp/outside': 'x', 'index.js': '' })],
    ['says that it is small, and is not', lyingSizes(64 * MIB)],
  ])('that %s makes the invocation fail', async (_, zip) => {
    expect(await outcome(zip)).toMatch(/^(200 Unhandled|refused: 400|50[02] )/);
  });

  function lyingEnd(): Buffer {
    const zip = Buffer.from(zipOf({ 'index.js': 'x' }));
    zip.writeUInt16LE(60_000, zip.length - 12);
    return zip;
  }

  /** An entry of zeros whose sizes are told as ten bytes. */
  function lyingSizes(bytes: number): Buffer {
    const packed = deflateRawSync(Buffer.alloc(bytes));
    const zip = Buffer.from(zipOf({ 'index.js': '0123456789' }));
    const name = Buffer.from('index.js');
    const local = Buffer.from(zip.subarray(0, 30));
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(0, 28);
    const start = zip.indexOf(Buffer.from('PK\u0001\u0002'));
    const entry = Buffer.from(zip.subarray(start, start + 46));
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(0, 30);
    const end = Buffer.from(zip.subarray(zip.length - 22));
    const entryAt = local.length + name.length + packed.length;
    end.writeUInt32LE(entry.length + name.length, 12);
    end.writeUInt32LE(entryAt, 16);
    return Buffer.concat([local, name, packed, entry, name, end]);
  }
});

describe('a handler', () => {
  test.each([
    ['ends its process', 'exports.handler = async () => process.exit(3);', /Unhandled.*Runtime\.ExitError/],
    ['kills its process', "exports.handler = () => process.kill(process.pid, 'SIGKILL');", /Unhandled/],
    ['ends its process while it is loaded', 'process.exit(0);', /Unhandled/],
    ['throws what is no error', 'exports.handler = async () => { throw null; };', /Unhandled/],
    [
      'answers more than 6 MiB',
      "exports.handler = async () => 'x'.repeat(7e6);",
      /Unhandled.*Function\.ResponseSizeTooLarge/,
    ],
    [
      'answers what cannot be written',
      'exports.handler = async () => { const a = {}; a.a = a; return a; };',
      /Unhandled/,
    ],
    [
      'answers a hundred thousand levels',
      'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; exports.handler = async () => a;',
      /Unhandled/,
    ],
    ['is not there', 'exports.other = 1;', /Unhandled/],
    ['is no JavaScript', '}{', /Unhandled/],
  ])('that %s fails alone', async (_, code, expected) => {
    const told = await outcome(handler(code));
    expect(told).toMatch(/^200 /);
    expect(told).toMatch(expected);
  });

  test('that floods its log is still answered', async () => {
    const flood =
      "exports.handler = async () => { for (let i = 0; i < 20; i += 1) process.stdout.write('x'.repeat(1e6)); return 1; };";
    expect(await outcome(handler(flood))).toBe('200 answered 1');
  });

  test('that writes bytes which are no text, and lines without an end', async () => {
    const bytes = 'exports.handler = async () => { process.stdout.write(Buffer.alloc(300000, 0xff)); return 1; };';
    expect(await outcome(handler(bytes))).toBe('200 answered 1');
  });

  test.each(['../index.handler', '/etc/passwd.x', 'index', 'index.__proto__.x', '..', 'index.handler\u0000', 'a\nb.c'])(
    'called %j is found nowhere else',
    async (Handler) => {
      expect(await outcome(handler('exports.handler = async () => 1;'), { Handler })).toMatch(
        /^(200 Unhandled|refused: 400)/,
      );
    },
  );
});

describe('values that no process can be started with', () => {
  test.each([
    ['a NUL in a value', { A: 'a\u0000b' }],
    ['half a character', { A: '\ud800' }],
    ['a name with an equals sign', { 'A=B': 'x' }],
    ['an empty name', { '': 'x' }],
    ['a name of every object', { __proto__x: 'x', constructor: 'y' }],
    ['line breaks', { A: 'a\r\nb' }],
    ['options for Node', { NODE_OPTIONS: '--require /nowhere' }],
  ])('%s', async (_, Variables) => {
    const told = await outcome(handler('exports.handler = async () => 1;'), { Environment: { Variables } });
    expect(told).toMatch(/^(200 |refused: 400)/);
  });

  test.each([
    ['x-amzn-trace-id', 'Root=\u00ff\u00e9'],
    ['x-amzn-trace-id', 'x'.repeat(5_000)],
    ['x-amz-client-context', Buffer.from('{"a":"ü€😀\\r\\n"}').toString('base64')],
    ['x-amz-client-context', Buffer.from([0xff, 0x00, 0x0d, 0x0a]).toString('base64')],
    ['x-amz-client-context', Buffer.from('null').toString('base64')],
    ['x-amz-client-context', 'no base64 at all!'],
    ['x-amz-log-type', 'Everything'],
    ['x-amz-invocation-type', '\u00ff'],
  ])('%s: %j', async (name, value) => {
    const { name: made } = await create(handler('exports.handler = async (e, c) => [e, c.clientContext];'));
    const { status } = await invoke(made, { [name]: value });
    expect([200, 400]).toContain(status);
  });
});

describe('a runtime', () => {
  test.each([
    ['asks twice and answers nothing', 'await next(); await next();', /Unhandled/],
    [
      'answers an invocation that is not its own',
      `await next(); await post('/invocation/${randomUUID()}/response', '1');`,
      /Unhandled/,
    ],
    [
      'answers twice',
      "const id = await next(); await post('/invocation/' + id + '/response', '1'); await post('/invocation/' + id + '/response', '2'); await next();",
      /answered 1$/,
    ],
    [
      'fails twice',
      "const id = await next(); await post('/invocation/' + id + '/error', '{}'); await post('/invocation/' + id + '/error', '{}'); await next();",
      /Unhandled \{\}/,
    ],
    ['fails to start after it had started', "await next(); await post('/init/error', '{}');", /Unhandled/],
    ['fails to start twice', "await post('/init/error', '{}'); await post('/init/error', '{}');", /Unhandled/],
    [
      'answers what is no JSON',
      "const id = await next(); await post('/invocation/' + id + '/response', Buffer.from([255, 0, 123])); await next();",
      /^200 answered/,
    ],
    [
      'answers nothing at all',
      "const id = await next(); await post('/invocation/' + id + '/response', ''); await next();",
      /^200 answered/,
    ],
    [
      'names an error that no header can carry',
      "const id = await next(); await post('/invocation/' + id + '/error', '{}', { 'lambda-runtime-function-error-type': '\u00ff\u00e9 <&>' }); await next();",
      /Unhandled \{\}/,
    ],
    [
      'asks for what is not there',
      "await fetch(api + '/../../x'); await post('/invocation/next', '{'); await next();",
      /Unhandled/,
    ],
    [
      'writes what is no HTTP',
      "require('node:net').connect(process.env.AWS_LAMBDA_RUNTIME_API.split(':')[1], '127.0.0.1').end('\\x00\\x01 nonsense'); await next();",
      /Unhandled/,
    ],
  ])('that %s', async (_, code, expected) => {
    expect(await outcome(runtime(code), provided)).toMatch(expected);
  });

  test('whose program cannot be run', async () => {
    expect(await outcome(zipOf({ bootstrap: '\u0000\u0001' }), provided)).toMatch(/^200 Unhandled/);
    expect(await outcome(zipOf({ bootstrap: '#!/nowhere/at/all' }), provided)).toMatch(/^200 Unhandled/);
    expect(await outcome(zipOf({ other: 'x' }), provided)).toMatch(/^200 Unhandled/);
  });
});
