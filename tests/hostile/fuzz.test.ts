// Any operation of any service with anything in it: an answer below 500, or one that says what is not available here; never the end of the
// process, never a word about the canary of another account. Afterwards everything is stored, read back and still the same.

import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWireServices } from '#server/services.ts';
import { temporaryFolder } from '../system/eddy-process.ts';
import { Memory } from './fuzz-values.ts';
import { fuzzedAsk } from './fuzzed-ask.ts';
import { HostileServer } from './hostile-server.ts';
import { furniture } from './playground.ts';
import { type Answer, type Asked, closeConnections } from './raw-ask.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_123);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 35);
const memory = new Memory();

let folder: ReturnType<typeof temporaryFolder>;
let server: HostileServer;
let passedMs = 0;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await HostileServer.start('--data-dir', join(folder.path, 'data'));
});

afterAll(async () => {
  closeConnections();
  await server.end();
  folder.remove();
});

async function send(asked: Asked): Promise<Answer> {
  const isForm = asked.headers?.['content-type']?.includes('form') === true;
  const write = isForm ? encodeURIComponent : (value: string) => value;
  const path = memory.filledIn(asked.path ?? '/', encodeURIComponent);
  const answer = await server.ask({ ...asked, path, body: memory.filledIn(String(asked.body), write) });
  memory.listen(answer.text);
  return answer;
}

async function fuzz(asks: readonly Asked[], passMs: number): Promise<void> {
  await server.advance(passMs);
  passedMs += passMs;
  for (const asked of furniture()) await send(asked);
  await Promise.all(
    asks.map(async (asked) => {
      const answer = await send(asked);
      if (answer.status < 500 || answer.status === 501) return;
      throw new Error(`${answer.status} ${answer.text}\n${JSON.stringify(asked).slice(0, 3_000)}`);
    }),
  );
}

const served = buildWireServices().all.map(({ prefix, schema }) => [prefix, schema] as const);

test.each(served)('%s', async (prefix, schema) => {
  const capabilities = await server.admin<{ service: string; done: string[] }[]>('capabilities');
  const done = capabilities.find(({ service }) => service === prefix)?.done ?? [];
  expect(done.length).toBeGreaterThan(0);
  const asks = fc.array(fuzzedAsk(schema, done, server.url), { minLength: 20, maxLength: 20 });
  const passing = fc.constantFrom(0, 1, 1_000, 31_000, 400_000);
  await fc.assert(fc.asyncProperty(asks, passing, fuzz), { numRuns: RUNS, seed: SEED, endOnFailure: true });
  await server.expectUnharmedBy(passedMs);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('what came of it is read back after %s', async (signal) => {
  await server.restart(signal);
  await server.expectUnharmedBy(passedMs);
});
