// As much of WebAssembly as is used: ECMAScript's own types and Node's have none of it. A program sees nothing but its memory, and is as
// deterministic as the code around it.
declare namespace WebAssembly {
  class Module {
    constructor(program: Uint8Array);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    /** In pages of 64 KiB. */
    constructor(size: { initial: number });
  }
  class Instance {
    readonly exports: Record<string, unknown>;
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
  }
}
