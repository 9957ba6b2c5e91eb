import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Position } from '../journal.ts';
import { open } from './open.ts';
import { temporaryDirectory } from './testing/engine-lives.ts';
import { payloadOf } from './testing/numbered-payload.ts';

const KILLS = 6;

describe('kill -9', () => {
  let root: string;
  let program: string;

  beforeAll(async () => {
    root = temporaryDirectory();
    program = join(root, 'writer.mjs');
    const entry = fileURLToPath(new URL('./testing/killed-writer.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  /** Lets the writer acknowledge so many groups, kills it, and tells the last acknowledged number. */
  async function killAfter(groups: number, directory: string): Promise<number> {
    const writer: ChildProcess = spawn(process.execPath, [program, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    await new Promise<void>((resolve, reject) => {
      writer.on('error', reject);
      writer.stdout?.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (text.split('\n').length > groups) writer.kill('SIGKILL');
      });
      writer.on('close', () => resolve());
    });
    expect(writer.signalCode).toBe('SIGKILL');
    // The last line may be cut in the middle.
    return Number(text.split('\n').slice(0, -1).at(-1));
  }

  it(`nothing acknowledged is lost, nothing is out of order, in ${KILLS} kills of one store`, async () => {
    const directory = join(root, 'store');
    let entryCount = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const acknowledged = await killAfter(5 + kill * 20, directory);
      const engine = await open(directory);
      const { journal } = engine;
      const before = entryCount;
      entryCount = 0;
      await journal.replay(0 as Position, ({ facts, payloadBytes }) => {
        expect(new DataView(facts.buffer, facts.byteOffset).getUint32(0, true)).toBe(entryCount);
        expect(Buffer.compare(payloadBytes[0] as Uint8Array, payloadOf(entryCount))).toBe(0);
        entryCount += 1;
      });
      expect(entryCount).toBeGreaterThan(acknowledged);
      expect(entryCount).toBeGreaterThan(before);
      await engine.close();
    }
  });
});
