// The answers of one HTTP/1.x connection, in the order of its requests. Whatever is ready goes out in one write: an answer cut into two
// small packets would wait for the client's delayed acknowledgement.

import type { Socket } from 'node:net';

/** An answer that is owed, as the connection that sends it sees it. */
export interface Owed {
  next: Owed | undefined;
  /** What is ready to be sent. */
  output: (string | Uint8Array)[] | string | undefined;
  readonly isFinished: boolean;
  readonly closesConnection: boolean;
  readonly waitsForAbort: boolean;
  /** The answers before it are sent. */
  cameFirst(): void;
  /** The socket has room again. */
  drained(): void;
  abort(): void;
}

export class Outbox {
  count = 0;
  /** Bytes handed over by exchanges and not yet to the socket; text counts its characters. */
  readyBytes = 0;
  /** The last answer that this connection will give has been handed to the socket. */
  isShut = false;
  /** The client closed its side; who registers for that later is told at once. */
  hasClientEnded = false;
  private first: Owed | undefined = undefined;
  private last: Owed | undefined = undefined;
  private text = '';
  /** What was ready before `text`, when it was not text only. */
  private parts: (string | Uint8Array)[] = [];

  constructor(
    readonly socket: Socket,
    /** Told that bytes are ready to be flushed. */
    private readonly onReady: () => void,
  ) {}

  get isEmpty(): boolean {
    return this.count === 0;
  }

  isFirst(exchange: Owed | undefined): boolean {
    return this.first !== undefined && this.first === exchange;
  }

  add(exchange: Owed): void {
    if (this.last === undefined) this.first = exchange;
    else this.last.next = exchange;
    this.last = exchange;
    this.count += 1;
  }

  /** An exchange has new output or is finished. */
  progress(exchange: Owed): void {
    if (exchange !== this.first) return;
    let current: Owed | undefined = exchange;
    while (current !== undefined && !this.isShut) {
      if (current.output !== undefined) this.collect(current.output);
      current.output = undefined;
      if (!current.isFinished) break;
      if (current.closesConnection) this.isShut = true;
      current = current.next;
      this.count -= 1;
      this.first = current;
      current?.cameFirst();
    }
    if (current === undefined) this.last = undefined;
    this.onReady();
    if (this.isShut) this.abortAll();
  }

  /** Sends an interim answer; only when no other answer is owed before it. */
  interim(text: string): void {
    this.text += text;
    this.onReady();
  }

  private collect(output: (string | Uint8Array)[] | string): void {
    if (typeof output === 'string') {
      this.text += output;
      this.readyBytes += output.length;
      return;
    }
    for (const part of output) {
      this.readyBytes += part.length;
      if (typeof part === 'string') {
        this.text += part;
        continue;
      }
      if (this.text !== '') this.parts.push(this.text);
      this.text = '';
      this.parts.push(part);
    }
  }

  /** Hands what is ready to the socket, in one system call where the kernel takes it. */
  flush(): void {
    const { socket, parts, text } = this;
    this.readyBytes = 0;
    if (parts.length === 0) {
      if (text === '') return;
      this.text = '';
      socket.write(text, 'latin1');
      return;
    }
    this.parts = [];
    this.text = '';
    socket.cork();
    for (const part of parts) {
      if (typeof part === 'string') socket.write(part, 'latin1');
      else socket.write(part);
    }
    if (text !== '') socket.write(text, 'latin1');
    socket.uncork();
  }

  drained(): void {
    this.first?.drained();
  }

  /** The client closed its side: whoever asked to be told is told, and owes no answer any more. */
  abortWaiting(): void {
    this.hasClientEnded = true;
    const kept: Owed[] = [];
    const aborted: Owed[] = [];
    for (let each = this.first; each !== undefined; each = each.next) (each.waitsForAbort ? aborted : kept).push(each);
    this.first = undefined;
    this.last = undefined;
    this.count = 0;
    for (const each of kept) {
      each.next = undefined;
      this.add(each);
    }
    for (const each of aborted) each.abort();
    if (this.first === undefined) this.onReady();
    else this.progress(this.first);
  }

  abortAll(): void {
    let each = this.first;
    this.first = undefined;
    this.last = undefined;
    this.count = 0;
    while (each !== undefined) {
      const { next } = each;
      each.abort();
      each = next;
    }
  }
}
