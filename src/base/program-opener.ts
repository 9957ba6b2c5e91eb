// Opens a program of WebAssembly from its translation (`tools/generate-wasm.mjs`), with memory of its own.

import { base64Decode } from './base64.ts';

const PAGE_BYTES = 65_536;

export interface OpenProgram {
  readonly exports: Readonly<Record<string, unknown>>;
  /** At least as many bytes as were asked for; it never grows. */
  readonly memory: ArrayBuffer;
}

/** How to open it again and again: it is compiled once, when that happens first. `program`: in base64. */
export function programOpener(program: string): (memoryBytes: number) => OpenProgram {
  let compiled: WebAssembly.Module | undefined;
  return (memoryBytes) => {
    compiled ??= new WebAssembly.Module(base64Decode(program) as Uint8Array);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(memoryBytes / PAGE_BYTES) });
    const { exports } = new WebAssembly.Instance(compiled, { eddy: { memory } });
    return { exports, memory: memory.buffer };
  };
}
