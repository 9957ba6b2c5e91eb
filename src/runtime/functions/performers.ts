// What the cell may ask of the runtime about functions: the performers that services/lambda names, over one runner and the
// engine's blobs.

import type { Performer } from '#cell/ports.ts';
import {
  CODE_PREFIX,
  DELETE_CODE,
  INVOKE_FUNCTION,
  type InvocationRequest,
  RETIRE_FUNCTION,
  SWEEP_CODE,
} from '#services/lambda/invocation.ts';
import type { BlobStore } from '#storage/journal.ts';
import type { FunctionRunner } from './function-runner.ts';

export function functionPerformers(runner: FunctionRunner, blobs: BlobStore): ReadonlyMap<string, Performer> {
  const remove = async (names: readonly string[]): Promise<void> => {
    for (const name of names) await blobs.delete(name);
  };
  return new Map<string, Performer>([
    [
      INVOKE_FUNCTION,
      ({ input, payloads }) => {
        const request = input as InvocationRequest;
        return runner.invoke({ ...request, payload: request.payload ?? payloads[0] });
      },
    ],
    [
      RETIRE_FUNCTION,
      async ({ input }) => {
        runner.retire(input as string);
      },
    ],
    [DELETE_CODE, ({ input }) => remove(input as readonly string[])],
    [
      SWEEP_CODE,
      async ({ input }) => {
        const kept = new Set(input as readonly string[]);
        const stored = await blobs.names();
        await remove(stored.filter((name) => name.startsWith(CODE_PREFIX) && !kept.has(name)));
      },
    ],
  ]);
}

/** For CreateFunction's refusal; see PrepareIo. */
export async function whyNotRunnable(runner: FunctionRunner, runtime: string): Promise<string | undefined> {
  const found = await runner.interpreters.find(runtime);
  return 'missing' in found ? found.missing : undefined;
}
