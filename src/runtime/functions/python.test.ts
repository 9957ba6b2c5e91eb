import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { payloadOf, type TestRunner, testRunner, textsOf } from './testing.ts';

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

describe.skipIf(!hasPython())('Python functions', () => {
  let tested: TestRunner;
  beforeAll(() => {
    tested = testRunner();
  });
  afterAll(() => tested.close());

  const define = (source: string, config = {}) =>
    tested.define({ 'app.py': source }, { runtime: 'python3.8', ...config });

  test('a handler gets its event and context, and its result comes back as JSON', async () => {
    const tried = define(`
def handler(event, context):
    return {"event": event, "id": context.aws_request_id, "name": context.function_name,
            "left": 0 < context.get_remaining_time_in_millis() <= 3000, "memory": context.memory_limit_in_mb,
            "arn": context.invoked_function_arn, "group": context.log_group_name, "stream": context.log_stream_name}
`);
    const request = tried.request({ a: 'é' });
    const outcome = await tested.runner.invoke(request);
    expect(outcome.functionError).toBeUndefined();
    expect(payloadOf(outcome)).toEqual({
      event: { a: 'é' },
      id: request.requestId,
      name: 'tested',
      left: true,
      memory: '128',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
      group: '/aws/lambda/tested',
      stream: outcome.logStream,
    });
  });

  test('output, logging and the platform lines are log lines in the order they were written', async () => {
    const tried = define(`
import logging, sys
print("while starting")
def handler(event, context):
    print("one\\ntwo")
    sys.stderr.write("from stderr\\n")
    logging.warning("three\\nlines %s", event)
`);
    const outcome = await tried.invoke(7);
    const texts = textsOf(outcome).map((text) => text.replace(UUID, 'ID'));
    expect(texts.slice(texts.indexOf('while starting'), -1)).toEqual([
      'while starting',
      'START RequestId: ID Version: $LATEST',
      'one',
      'two',
      'from stderr',
      expect.stringMatching(/^\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tID\tthree\nlines 7$/),
      'END RequestId: ID',
    ]);
    expect(texts.at(-1)).toMatch(
      /^REPORT RequestId: ID\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: [\d.]+ ms\t$/,
    );
    expect(Buffer.from(outcome.logTail, 'base64').toString()).toMatch(/^START RequestId: .*\nREPORT [^\n]*\n$/s);
  });

  test('a warm environment serves the next invocation, without an Init Duration', async () => {
    const tried = define('count = 0\ndef handler(event, context):\n  global count\n  count += 1\n  return count\n');
    const first = await tried.invoke(null);
    const second = await tried.invoke(null);
    expect([payloadOf(first), payloadOf(second)]).toEqual([1, 2]);
    expect(first.initMs).toBeGreaterThan(0);
    expect(second.initMs).toBeUndefined();
    expect(second.logStream).toBe(first.logStream);
    expect(textsOf(second).at(-1)).not.toContain('Init Duration');
  });

  test('an exception comes back with type, message and the handler’s own stack', async () => {
    const tried = define('def handler(event, context):\n    raise KeyError("missing")\n');
    const outcome = await tried.invoke(null);
    expect(outcome.functionError).toBe('Unhandled');
    expect(outcome.errorType).toBe('KeyError');
    const document = payloadOf(outcome) as { requestId: string; stackTrace: string[] };
    expect(document).toEqual({
      errorMessage: "'missing'",
      errorType: 'KeyError',
      requestId: expect.stringMatching(UUID),
      stackTrace: [
        expect.stringMatching(/^ {2}File ".*app\.py", line 2, in handler\n {4}raise KeyError\("missing"\)\n$/),
      ],
    });
    expect(textsOf(outcome).find((text) => text.startsWith('[ERROR]'))).toMatch(
      /^\[ERROR\] KeyError: 'missing'\nTraceback \(most recent call last\):\n\u00a0\u00a0File/,
    );
    expect(payloadOf(await define('def handler(e, c): return 1').invoke(null))).toBe(1);
  });

  test.each([
    [
      'Runtime.MarshalError',
      'def handler(e, c): return object()',
      'app.handler',
      /^Unable to marshal response: Object of type object is not JSON serializable$/,
    ],
    [
      'Runtime.ImportModuleError',
      'import nowhere_at_all',
      'app.handler',
      /^Unable to import module 'app': No module named 'nowhere_at_all'$/,
    ],
    ['Runtime.ImportModuleError', '', 'other.handler', /^Unable to import module 'other': No module named 'other'$/],
    ['Runtime.HandlerNotFound', 'x = 1', 'app.handler', /^Handler 'handler' missing on module 'app'$/],
    ['Runtime.UserCodeSyntaxError', 'def', 'app.handler', /^Syntax error in module 'app': /],
    [
      'Runtime.MalformedHandlerName',
      '',
      'app',
      /^Bad handler 'app': not enough values to unpack \(expected 2, got 1\)$/,
    ],
    ['ZeroDivisionError', '1/0', 'app.handler', /^division by zero$/],
  ])('%s: %s', async (errorType, source, handler, message) => {
    const outcome = await define(source, { handler }).invoke(null);
    expect(payloadOf(outcome)).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
    expect(outcome).toMatchObject({ functionError: 'Unhandled', errorType });
    expect((payloadOf(outcome) as { requestId: string }).requestId).toMatch(UUID);
  });

  test('a process that exits is reported with its status, and the next invocation gets a new one', async () => {
    const tried = define(
      'import sys\ndef handler(event, context):\n  print("last words")\n  return sys.exit(event) if event else "alive"\n',
    );
    const request = tried.request(1);
    const outcome = await tested.runner.invoke(request);
    expect(payloadOf(outcome)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${request.requestId} Error: Runtime exited with error: exit status 1`,
    });
    expect(textsOf(outcome)).toContain('last words');
    expect(textsOf(outcome).at(-2)).toMatch(/Status: error\tError Type: Runtime\.ExitError\t$/);
    const next = await tried.invoke(0);
    expect(payloadOf(next)).toBe('alive');
    expect(next.logStream).not.toBe(outcome.logStream);
  });

  test('a handler that runs longer than its timeout is ended and replaced', async () => {
    const tried = define('import time\ndef handler(event, context):\n  time.sleep(event)\n  return "done"\n', {
      timeoutSeconds: 1,
    });
    const request = tried.request(60);
    const outcome = await tested.runner.invoke(request);
    expect(payloadOf(outcome)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${request.requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(textsOf(outcome).join('\n')).toMatch(/Z [0-9a-f-]{36} Task timed out after 1\.00 seconds\n/);
    expect(textsOf(outcome).at(-1)).toMatch(/^REPORT .*Duration: 1000\.00 ms\t.*Status: timeout\t$/);
    expect(payloadOf(await tried.invoke(0))).toBe('done');
  });

  test('a handler that takes more memory than its setting is killed', async () => {
    const tried = define(
      'import time\ndef handler(event, context):\n  kept = bytearray(300 * 1024 * 1024)\n  time.sleep(30)\n',
      { timeoutSeconds: 30 },
    );
    const outcome = await tried.invoke(null);
    expect(payloadOf(outcome)).toMatchObject({
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: killed$/),
    });
    expect(textsOf(outcome).join('\n')).toContain('Max Memory Used: 128 MB');
  });

  test('a response larger than 6 MB is an error', async () => {
    const outcome = await define('def handler(event, context): return "x" * 6291556').invoke(null);
    expect(payloadOf(outcome)).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  test('the environment has the function’s variables and Lambda’s, and nothing of the server’s', async () => {
    process.env['SERVER_SECRET'] = 'must not be seen';
    const tried = define('import os\ndef handler(event, context): return dict(os.environ)', {
      environment: { MINE: 'yes', AWS_REGION: 'no' },
    });
    const seen = payloadOf(await tried.invoke(null, { traceId: 'Root=1-2-3' })) as Record<string, string>;
    expect(seen).toMatchObject({
      MINE: 'yes',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDTEST',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      TZ: ':UTC',
      _HANDLER: 'app.handler',
      _X_AMZN_TRACE_ID: 'Root=1-2-3',
    });
    expect(seen).not.toHaveProperty('SERVER_SECRET');
    delete process.env['SERVER_SECRET'];
  });

  test('the client context is handed over', async () => {
    const tried = define(
      'def handler(event, context): return [context.client_context.custom, context.client_context.client.app_title]',
    );
    const clientContext = JSON.stringify({ custom: { ü: 1 }, client: { app_title: 'x' } });
    expect(payloadOf(await tried.invoke(null, { clientContext }))).toEqual([{ ü: 1 }, 'x']);
  });

  test('Decimals keep their digits', async () => {
    const tried = define('from decimal import Decimal\ndef handler(e, c): return {"price": Decimal("1.10")}');
    expect(Buffer.from((await tried.invoke(null)).payload).toString()).toBe('{"price": 1.10}');
  });

  test('no more processes than allowed run, and waiting invocations are served in order', async () => {
    const small = testRunner({ environmentsMax: 1 });
    const one = small.define(
      { 'app.py': 'import os\ndef handler(e, c): return [e, os.getpid()]' },
      { runtime: 'python3.8' },
    );
    const other = small.define({ 'app.py': 'def handler(e, c): return "other"' }, { runtime: 'python3.8' });
    const outcomes = await Promise.all([one.invoke(1), one.invoke(2), other.invoke(3), one.invoke(4)]);
    const results = outcomes.map(payloadOf);
    expect(results[2]).toBe('other');
    expect([results[0], results[1]].map((pair) => (pair as number[])[0])).toEqual([1, 2]);
    expect((results[0] as number[])[1]).toBe((results[1] as number[])[1]);
    expect(small.runner.environmentCount).toBe(1);
    small.close();
  });

  test('the lines of a talkative invocation are handed over while it runs, none twice and none lost', async () => {
    const early: string[] = [];
    tested.runner.sink = (stream, lines) => {
      expect(stream).toMatchObject({ logGroup: '/aws/lambda/tested', region: 'us-east-1' });
      early.push(...lines.map((line) => line.text));
    };
    const tried = define('def handler(event, context):\n  for i in range(20000): print("line", i, "x" * 40)\n', {
      timeoutSeconds: 60,
    });
    const outcome = await tried.invoke(null);
    tested.runner.sink = undefined;
    expect(early.length).toBeGreaterThan(1000);
    const seen = [...early, ...textsOf(outcome)]
      .filter((text) => text.startsWith('line '))
      .map((text) => text.split(' ')[1]);
    expect(seen).toEqual(Array.from({ length: 20000 }, (_, i) => String(i)));
    expect(Buffer.from(outcome.logTail, 'base64').length).toBe(4096);
  });

  test('closing ends the processes of invocations under way', async () => {
    const closing = testRunner();
    const pid = new Promise<number>((found) => {
      closing.runner.sink = (_stream, lines) => {
        for (const { text } of lines) if (/^\d+$/.test(text)) found(Number(text));
      };
    });
    const source = 'import os, time\ndef handler(event, context):\n  print(os.getpid())\n  time.sleep(60)\n';
    void closing.define({ 'app.py': source }, { runtime: 'python3.8', timeoutSeconds: 60 }).invoke(null);
    const running = await pid;
    expect(isAlive(running)).toBe(true);
    closing.close();
    await expect.poll(() => isAlive(running)).toBe(false);
  });

  test('a retired function’s environments end, and closing ends all', async () => {
    const tried = define('import os\ndef handler(event, context): return os.getpid()');
    const pid = payloadOf(await tried.invoke(null)) as number;
    tested.runner.retire(tried.key);
    await expect.poll(() => isAlive(pid)).toBe(false);
    const again = payloadOf(await tried.invoke(null)) as number;
    expect(again).not.toBe(pid);
    expect(isAlive(again)).toBe(true);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
