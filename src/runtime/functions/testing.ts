// For tests: a runner over packages made on the spot.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { FunctionConfig, InvocationOutcome, InvocationRequest } from '#services/lambda/invocation.ts';
import { FunctionRunner, type FunctionRunnerOptions } from './function-runner.ts';

export interface TestRunner {
  readonly runner: FunctionRunner;
  readonly folder: string;
  /** Makes a function of the files and gives a way to invoke it. */
  define(files: Readonly<Record<string, string>>, config: Partial<FunctionConfig>): TestFunction;
  close(): void;
}

export interface TestFunction {
  readonly key: string;
  request(event: unknown, extra?: Partial<InvocationRequest>): InvocationRequest;
  invoke(event: unknown, extra?: Partial<InvocationRequest>): Promise<InvocationOutcome>;
}

const EXECUTABLE = { attrs: 0o100755 << 16, os: 3 };

export function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(files).map(([name, text]) => {
    const bytes = new TextEncoder().encode(text);
    return [name, name === 'bootstrap' ? [bytes, EXECUTABLE] : bytes];
  });
  return zipSync(Object.fromEntries(entries));
}

export function testRunner(options: Partial<FunctionRunnerOptions> = {}): TestRunner {
  const folder = mkdtempSync(join(tmpdir(), 'functions-'));
  const packages = new Map<string, Uint8Array>();
  const runner = new FunctionRunner({
    folder,
    loadCode: async (code) => packages.get(code),
    nowMs: () => Date.now(),
    ...options,
  });
  return {
    runner,
    folder,
    define(files, overrides) {
      const key = randomUUID();
      packages.set(key, zipOf(files));
      const config = { ...DEFAULTS, ...overrides };
      const request = (event: unknown, extra: Partial<InvocationRequest> = {}): InvocationRequest => ({
        functionKey: key,
        revision: '1',
        code: key,
        config,
        payload: Buffer.from(JSON.stringify(event)),
        requestId: randomUUID(),
        invokedArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
        ...extra,
      });
      return { key, request, invoke: (event, extra) => runner.invoke(request(event, extra)) };
    },
    close() {
      runner.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const DEFAULTS: FunctionConfig = {
  functionName: 'tested',
  version: '$LATEST',
  runtime: 'python3.11',
  handler: 'app.handler',
  memoryMb: 128,
  timeoutSeconds: 3,
  environment: {},
  region: 'us-east-1',
  logGroup: '/aws/lambda/tested',
  credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret', sessionToken: 'token' },
  endpointUrl: 'http://127.0.0.1:4566',
};

export function payloadOf(outcome: InvocationOutcome): unknown {
  return JSON.parse(Buffer.from(outcome.payload).toString('utf8'));
}

export function textsOf(outcome: InvocationOutcome): string[] {
  return outcome.lines.map((line) => line.text);
}
