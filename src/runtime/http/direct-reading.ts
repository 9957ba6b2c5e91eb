// Reads a connection straight into the memory of whoever takes a large body. The usual read brings 64 KiB of fresh memory that are copied
// once more; without that, an upload costs the main thread a third less.
//
// Node does this for connections that a program opens (`onread` of net.connect), not for those that it accepts. What `onread` does to a
// socket is done here to an accepted one, by names that are Node's own business: where they are not found, reading goes on as usual.

import type { Socket } from 'node:net';

export interface DirectReading {
  /** Where the next bytes shall go, asked before each read. Undefined: anywhere. */
  memory(): Uint8Array | undefined;
  /** They lie in what `memory` gave, or are the taker's own. */
  take(bytes: Buffer): void;
}

const OWN_BYTES = 64 * 1024;
/** Bytes that need little of the own memory are copied out of it. */
const COPIED_BYTES_MAX = 16 * 1024;

type Names = Readonly<Record<'buffer' | 'callback' | 'generator', symbol>>;
type OpenSocket = Socket &
  Record<symbol, unknown> & { readonly _handle?: { useUserBuffer?(memory: Uint8Array): void } };

/** Once for a connection, and from then on for all that it reads. False: nothing has changed. */
export function readDirectly(socket: Socket, reading: DirectReading): boolean {
  const open = socket as OpenSocket;
  const names = namesOf(open);
  if (names === undefined || typeof open._handle?.useUserBuffer !== 'function') return false;
  let own = Buffer.allocUnsafeSlow(OWN_BYTES);
  open[names.buffer] = own;
  open[names.generator] = () => reading.memory() ?? own;
  open[names.callback] = (count: number, memory: Uint8Array): boolean => {
    const bytes = Buffer.from(memory.buffer, memory.byteOffset, count);
    if (memory !== own) reading.take(bytes);
    else if (count <= COPIED_BYTES_MAX) reading.take(Buffer.from(bytes));
    else {
      own = Buffer.allocUnsafeSlow(OWN_BYTES);
      reading.take(bytes);
    }
    return true;
  };
  open._handle.useUserBuffer(own);
  return true;
}

function namesOf(socket: OpenSocket): Names | undefined {
  const symbols = Object.getOwnPropertySymbols(socket);
  const [buffer, callback, generator] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map((name) =>
    symbols.find(({ description }) => description === name),
  );
  const isKnown = buffer !== undefined && callback !== undefined && generator !== undefined;
  return isKnown ? { buffer, callback, generator } : undefined;
}
