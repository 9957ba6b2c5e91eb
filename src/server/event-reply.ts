// A reply that stays open, on its way to the client: the first message goes out with the head, each event as the cell gives it. The client is
// given one event after another: the next when what was written fits into what the connection may hold unsent.

import { crc32 } from 'node:zlib';
import type { EventSink } from '#cell/reply-streams.ts';
import { type AwsError, serverError } from '#model/aws-error.ts';
import type { Exchange, ResponseStream } from '#runtime/http/exchange.ts';
import { type EventOutput, eventOutput } from '#wire/event-output.ts';
import type { WireResponse } from '#wire/http-message.ts';
import type { Identification } from '#wire/identify.ts';

export interface EventReplyParts {
  readonly exchange: Exchange;
  readonly caller: Identification;
  readonly requestId: string;
  /** The output's members besides the stream. */
  readonly initial: object;
  readonly headers: WireResponse['headers'];
  readonly onDefect: (what: string, error: unknown) => void;
}

/** For a client that is behind when its stream ends. */
const PATIENCE_MS = 30_000;

export class EventReply implements EventSink {
  private readonly output: EventOutput;
  private readonly stream: ResponseStream;
  private untaken: (() => void) | undefined;
  private isOver = false;
  private patience: NodeJS.Timeout | undefined;

  constructor(private readonly parts: EventReplyParts) {
    const { exchange, caller, requestId, initial, headers } = parts;
    this.output = eventOutput(caller, requestId, crc32);
    const first = this.output.initial(initial);
    const { head } = this.output;
    this.stream = exchange.stream({ status: head.status, headers: [...head.headers, ...headers] });
    this.stream.onDrain(this.drained);
    this.stream.write(first);
  }

  event(event: object, onTaken: () => void): void {
    if (this.isOver || this.parts.exchange.isAborted) return;
    let bytes: Uint8Array;
    try {
      bytes = this.output.event(event);
    } catch (error) {
      this.parts.onDefect(`an event of ${this.parts.caller.operation.name} could not be encoded`, error);
      this.end(serverError('InternalFailure', 'The request processing has failed because of an unknown error.'));
      return;
    }
    // Also with room one turn of the event loop lies between two events: whoever reads a long backlog does not hold up the others.
    if (this.stream.write(bytes)) setImmediate(onTaken);
    else this.untaken = onTaken;
  }

  end(refused: AwsError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.parts.exchange.isAborted) return;
    if (refused !== undefined) this.stream.write(this.output.error(refused));
    this.stream.end();
    if (this.untaken !== undefined) this.patience = setTimeout(this.cut, PATIENCE_MS).unref();
  }

  /** Who has not read the last event long after the end will not: what is held for it goes. */
  private readonly cut = (): void => {
    if (!this.parts.exchange.isAborted) this.stream.cut();
  };

  private readonly drained = (): void => {
    clearTimeout(this.patience);
    const { untaken } = this;
    this.untaken = undefined;
    untaken?.();
  };
}
