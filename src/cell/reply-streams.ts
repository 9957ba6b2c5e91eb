// Replies that stay open: a first answer, then events for as long as the operation says (an event stream of AWS). Like parked polls they are not
// state: the connection dies with the process, and whoever listened asks again.
//
// The operation's `streamed` is run, in a turn of its own, whenever something happened that the stream waits for. What a turn emits leaves the
// cell after everything that the turn made or saw is durable. Back-pressure is one event at a time: `taken` says that the client has room.

import type { AwsError } from '#model/aws-error.ts';
import { Timers } from './timers.ts';
import type { StreamWait, Ticket } from './turn.ts';

/** Where a stream's events go: the gateway's side of it. */
export interface EventSink {
  /** Sends one event; `onTaken` is called later, never at once, when there is room for the next one. Not after the client has gone. */
  event(event: object, onTaken: () => void): void;
  /** Ends the reply, with an error of the operation when there is one to tell. */
  end(refused: AwsError | undefined): void;
}

/** What happened: the key was woken; the time came; the client took the last event; the client has gone, or the process ends (the last news). */
export type StreamNews = 'awake' | 'due' | 'taken' | 'gone';

/** What a pass decided about a stream. */
export type StreamStep =
  | { readonly ticket: Ticket; readonly emit: object }
  | { readonly ticket: Ticket; readonly wait: StreamWait }
  | { readonly ticket: Ticket; readonly ended: true; readonly refused: AwsError | undefined };

export interface StreamStart {
  readonly ticket: Ticket;
  /** Opens the gateway's side; undefined when whoever called cannot take a stream. */
  readonly begin: () => EventSink | undefined;
  readonly run: (news: StreamNews) => void;
  /** Who can take the stream back. */
  readonly owner: object;
}

interface OpenStream extends StreamStart {
  sink: EventSink | undefined;
  wakeKey: string | undefined;
}

export class ReplyStreams {
  private readonly open = new Map<Ticket, OpenStream>();
  private readonly byKey = new Map<string, Set<OpenStream>>();
  private readonly ends = new Timers();
  private isClosing = false;

  constructor(
    private readonly whenDurable: (action: () => void) => void,
    private readonly enqueue: (work: () => void) => void,
  ) {}

  get count(): number {
    return this.open.size;
  }

  start(given: StreamStart): void {
    const stream: OpenStream = { ...given, sink: undefined, wakeKey: undefined };
    this.open.set(stream.ticket, stream);
    this.whenDurable(() => {
      if (this.open.get(stream.ticket) !== stream) return;
      stream.sink = stream.begin();
      if (stream.sink === undefined) this.lose(stream);
      else if (this.isClosing) this.close(stream);
    });
  }

  /** What a turn decided, in its order. Steps of a stream that has ended are for nobody. */
  take(step: StreamStep): void {
    const stream = this.open.get(step.ticket);
    if (stream === undefined) return;
    if ('wait' in step) this.wait(stream, step.wait);
    else if ('emit' in step) this.whenDurable(() => this.send(stream, step.emit));
    else {
      this.forget(stream);
      this.whenDurable(() => stream.sink?.end(step.refused));
    }
  }

  /** All streams that wait for the key, each in a turn of its own. */
  wake(key: string): void {
    const waiting = this.byKey.get(key);
    if (waiting === undefined) return;
    for (const stream of [...waiting]) this.tell(stream, 'awake');
  }

  nextDueAtMs(): number | undefined {
    return this.ends.nextDueAtMs();
  }

  /** Tells one stream whose time has come; false when there is none. */
  tellDue(nowMs: number): boolean {
    const due = this.ends.takeDue(nowMs);
    if (due === undefined) return false;
    const stream = this.open.get(Number(due.key) as Ticket);
    if (stream !== undefined) this.tell(stream, 'due');
    return true;
  }

  /** The client has gone. */
  abort(owner: object): void {
    for (const stream of this.open.values()) if (stream.owner === owner) this.lose(stream);
  }

  /** Ends all streams as a server does that goes away; from now on new ones end at once. */
  closeAll(): void {
    this.isClosing = true;
    for (const stream of [...this.open.values()]) if (stream.sink !== undefined) this.close(stream);
  }

  private send(stream: OpenStream, event: object): void {
    // A step that was decided before the end is sent even though the stream is closed by now: the end waits behind it.
    stream.sink?.event(event, () => {
      if (this.open.get(stream.ticket) === stream) this.enqueue(() => this.run(stream, 'taken'));
    });
  }

  private wait(stream: OpenStream, { wakeKey, untilMs }: StreamWait): void {
    this.stopWaiting(stream);
    if (untilMs !== undefined) this.ends.set(String(stream.ticket), untilMs);
    if (wakeKey === undefined) return;
    stream.wakeKey = wakeKey;
    const waiting = this.byKey.get(wakeKey);
    if (waiting === undefined) this.byKey.set(wakeKey, new Set([stream]));
    else waiting.add(stream);
  }

  /** Both things waited for are over with the first of them. */
  private stopWaiting(stream: OpenStream): void {
    this.ends.clear(String(stream.ticket));
    const { wakeKey } = stream;
    if (wakeKey === undefined) return;
    stream.wakeKey = undefined;
    const waiting = this.byKey.get(wakeKey);
    waiting?.delete(stream);
    if (waiting?.size === 0) this.byKey.delete(wakeKey);
  }

  private tell(stream: OpenStream, news: 'awake' | 'due'): void {
    this.stopWaiting(stream);
    this.enqueue(() => this.run(stream, news));
  }

  private run(stream: OpenStream, news: StreamNews): void {
    if (this.open.get(stream.ticket) === stream) stream.run(news);
  }

  private close(stream: OpenStream): void {
    stream.sink?.end(undefined);
    this.lose(stream);
  }

  private lose(stream: OpenStream): void {
    this.forget(stream);
    this.enqueue(() => stream.run('gone'));
  }

  private forget(stream: OpenStream): void {
    this.stopWaiting(stream);
    this.open.delete(stream.ticket);
  }
}
