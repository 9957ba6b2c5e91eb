// The only globals besides ECMAScript that the deterministic layers may use: both are pure functions of their input.
// (And programs of WebAssembly: web-assembly.d.ts.)
declare class TextEncoder {
  encode(text?: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
