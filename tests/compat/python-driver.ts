// boto3, or the AWS command line, in a Python process of its own: one line of JSON for each call and each answer.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SCHEMAS } from '../conformance/wire/ask.ts';
import { cleanEnvironment } from '../system/eddy-process.ts';
import { type Call, type Driver, Refusal } from './client.ts';

interface Told {
  readonly output?: unknown;
  readonly refused?: { readonly code: string; readonly message: string };
  readonly failed?: string;
}

const BRIDGE = fileURLToPath(new URL('bridge.py', import.meta.url));

export function pythonDriver(kind: 'boto3' | 'command-line', options: { name: string; url: string }): Driver {
  const env = cleanEnvironment({ ENDPOINT: options.url, AWS_MAX_ATTEMPTS: '1', AWS_EC2_METADATA_DISABLED: 'true' });
  const child = spawn('python3', [BRIDGE, kind], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((told: Told) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(JSON.parse(line, revive) as Told));
  let ended: Told | undefined;
  child.on('exit', (code) => {
    ended = { failed: `the bridge ended with ${code}` };
    for (const answer of waiting.splice(0)) answer(ended);
  });
  return {
    name: options.name,
    async call(call: Call) {
      const told = await new Promise<Told>((resolve) => {
        if (ended !== undefined) {
          resolve(ended);
          return;
        }
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify(call, replace)}\n`);
      });
      if (told.failed !== undefined) throw new Error(told.failed);
      if (told.refused !== undefined)
        throw new Refusal(shapeName(call.service, told.refused.code), told.refused.message);
      return told.output;
    },
    close() {
      child.stdin.end();
    },
  };
}

/** boto3 has the older codes in its errors, where its classes are called by the shapes; the command line shows codes only. */
function shapeName(service: string, code: string): string {
  const errors = SCHEMAS.find(({ endpointPrefix }) => endpointPrefix === service)?.errors ?? {};
  return Object.entries(errors).find(([, { queryCode }]) => queryCode === code)?.[0] ?? code;
}

function replace(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value;
}

/** The command line shows bytes as base64 without saying that they are bytes. */
const BYTES = new Set(['BinaryValue']);

function revive(name: string, value: unknown): unknown {
  if (typeof value === 'string') return BYTES.has(name) ? Uint8Array.from(Buffer.from(value, 'base64')) : value;
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
  return Uint8Array.from(Buffer.from(String(value.$bytes), 'base64'));
}
