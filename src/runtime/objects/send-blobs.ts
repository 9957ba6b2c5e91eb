// Sends parts of blobs as the body of an answer: read ahead by one piece while the client takes the one before, so that an object of any
// size takes the same little memory. Blobs are opened before the head goes out, or held where they are many: an object that is deleted
// meanwhile is sent to its end, and what cannot be read is told as an error while it still can be.

import type { BlobBody } from '#cell/objects-door.ts';
import type { Exchange, ResponseStream } from '#runtime/http/exchange.ts';
import type { BlobReader, BlobStore } from '#storage/journal.ts';
import type { WireResponse } from '#wire/http-message.ts';

/** Up to here body and head go out together. */
const WHOLE_BYTES_MAX = 256 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** A multipart object may have thousands of parts; so many files are open at once for it, and the others are held. */
const OPEN_MAX = 16;

export interface SendOptions {
  readonly exchange: Exchange;
  readonly blobs: BlobStore;
  readonly body: BlobBody;
  readonly head: Pick<WireResponse, 'status' | 'headers'>;
  /** The head is out, or the whole answer. */
  readonly onSent: () => void;
  readonly onDefect: (what: string, error: unknown) => void;
}

/** The output's streaming member, when the operation has one: it is always called Body. */
export function blobBodyOf(output: unknown): BlobBody | undefined {
  const body = (output as { readonly Body?: unknown } | undefined)?.Body;
  const isBlobs = typeof body === 'object' && body !== null && 'parts' in body && Array.isArray(body.parts);
  return isBlobs ? (body as unknown as BlobBody) : undefined;
}

/** Whole pieces of the blob's own around what is asked for. */
function newPiece(): Uint8Array {
  return Buffer.allocUnsafeSlow(PIECE_BYTES);
}

/** Resolves to false, with nothing sent, when a blob is not there any more. Rejects, with nothing sent, when it cannot be read. */
export async function sendBlobs(options: SendOptions): Promise<boolean> {
  const source = await BlobSource.open(options.blobs, options.body);
  if (source === undefined) return false;
  const { exchange, body, head, onSent } = options;
  if (body.bytes <= WHOLE_BYTES_MAX) {
    try {
      const bytes = await source.readAll();
      exchange.reply({ ...head, body: bytes });
    } finally {
      await source.close();
    }
    onSent();
    return true;
  }
  let first: Uint8Array | undefined;
  try {
    first = await source.next();
  } catch (error) {
    await source.close();
    throw error;
  }
  new Sending(options, source, exchange.stream(head, body.bytes)).go(first);
  onSent();
  return true;
}

/** The pieces of a body one after another. */
class BlobSource {
  private readonly readers = new Map<string, BlobReader>();
  private index = 0;
  private at = 0;
  private isClosed = false;
  private readonly letGo: (() => void) | undefined;

  private constructor(
    private readonly blobs: BlobStore,
    private readonly body: BlobBody,
  ) {
    const { parts } = body;
    this.letGo = parts.length > OPEN_MAX ? blobs.hold?.(parts.map(({ blob }) => blob)) : undefined;
  }

  static async open(blobs: BlobStore, body: BlobBody): Promise<BlobSource | undefined> {
    const source = new BlobSource(blobs, body);
    try {
      for (const { blob } of body.parts.slice(0, OPEN_MAX)) {
        if ((await source.reader(blob)) !== undefined) continue;
        await source.close();
        return undefined;
      }
    } catch (error) {
      await source.close();
      throw error;
    }
    return source;
  }

  async readAll(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let piece = await this.next(); piece !== undefined; piece = await this.next()) pieces.push(piece);
    return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
  }

  /** `memory`: for the piece, where it is long enough. */
  async next(memory?: Uint8Array): Promise<Uint8Array | undefined> {
    const part = this.body.parts[this.index];
    if (part === undefined) return undefined;
    const from = part.from + this.at;
    if (from >= part.to) {
      await this.leave(part.blob);
      return this.next(memory);
    }
    const reader = await this.reader(part.blob);
    if (reader === undefined) throw new Error(`the blob ${part.blob} is gone`);
    // Up to the next multiple, so that a blob's own pieces are read once.
    const to = Math.min(part.to, (Math.floor(from / PIECE_BYTES) + 1) * PIECE_BYTES);
    this.at += to - from;
    return reader.read(from, to, memory);
  }

  private async leave(blob: string): Promise<void> {
    this.index += 1;
    this.at = 0;
    if (this.body.parts.slice(this.index, this.index + OPEN_MAX).some((part) => part.blob === blob)) return;
    const reader = this.readers.get(blob);
    this.readers.delete(blob);
    await reader?.close();
  }

  private async reader(blob: string): Promise<BlobReader | undefined> {
    const known = this.readers.get(blob);
    if (known !== undefined) return known;
    const reader = await this.blobs.open(blob);
    if (reader !== undefined) this.readers.set(blob, reader);
    return reader;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.letGo?.();
    for (const reader of this.readers.values()) await reader.close();
    this.readers.clear();
  }
}

class Sending {
  private isAborted = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly options: SendOptions,
    private readonly source: BlobSource,
    private readonly stream: ResponseStream,
  ) {
    const { exchange } = options;
    exchange.onAbort(() => {
      this.isAborted = true;
      this.wake?.();
    });
    stream.onDrain(() => this.wake?.());
  }

  go(first: Uint8Array | undefined): void {
    this.run(first).then(
      () => this.source.close(),
      async (error: unknown) => {
        // The head promised more bytes: only a broken connection tells the client that they will not come.
        this.options.onDefect('an object could not be sent to its end', error);
        if (!this.isAborted) this.stream.cut();
        await this.source.close();
      },
    );
  }

  private async run(first: Uint8Array | undefined): Promise<void> {
    // Two pieces of memory take turns: one is sent while the other is read. Fresh memory for each would keep the collector busy.
    let [free, used] = [newPiece(), newPiece()];
    let piece = first;
    while (piece !== undefined && !this.isAborted) {
      const next = this.source.next(free);
      // It is awaited below; meanwhile a failure must not count as unhandled.
      next.catch(() => undefined);
      if (!this.stream.write(piece)) await this.drained();
      // What may still lie in a queue keeps its memory.
      [free, used] = [this.stream.isFlushed === true ? used : newPiece(), free];
      piece = await next;
    }
    if (!this.isAborted) this.stream.end();
  }

  private drained(): Promise<void> {
    if (this.isAborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
}
