// Stories as they happen, for whoever listens. While nobody listens, it costs one look at a list per entry.

import { readEntry } from '#cell/entry.ts';
import type { NotedVerdict } from '#cell/seen.ts';
import type { ResponseStream } from '#runtime/http/exchange.ts';
import type { JourneyStep } from './admin-api/contract.ts';
import { type StoryTeller, spelledOut } from './explain/story-teller.ts';

export interface TailContext {
  readonly teller: StoryTeller;
  readonly callerName: (number: number) => string | undefined;
  readonly verdictOf: (number: number) => NotedVerdict | undefined;
}

interface Listener {
  readonly stream: ResponseStream;
  readonly isWanted: (story: string) => boolean;
  /** A listener that reads too slowly misses stories, and is told how many. */
  isBehind: boolean;
  missedCount: number;
}

export class Tail {
  private readonly listeners = new Set<Listener>();
  private context: TailContext | undefined;

  attach(context: TailContext): void {
    this.context = context;
  }

  /** Undefined while nobody listens. */
  get onEntry(): ((facts: Uint8Array) => void) | undefined {
    return this.listeners.size === 0 ? undefined : this.tell;
  }

  /** Sends the stories that are wanted until the returned function is called. */
  listen(stream: ResponseStream, isWanted: (story: string) => boolean): () => void {
    const listener: Listener = { stream, isWanted, isBehind: false, missedCount: 0 };
    this.listeners.add(listener);
    stream.onDrain(() => {
      listener.isBehind = false;
      if (listener.missedCount > 0) stream.write(`: ${listener.missedCount} stories were missed\n\n`);
      listener.missedCount = 0;
    });
    return () => this.listeners.delete(listener);
  }

  /** Ends all streams. */
  close(): void {
    for (const { stream } of this.listeners) stream.end();
    this.listeners.clear();
  }

  private readonly tell = (facts: Uint8Array): void => {
    const { context } = this;
    if (context === undefined) return;
    const steps: JourneyStep[] = [];
    readEntry(facts, (encoded, head) => {
      const read = context.teller.read(encoded);
      const told = read === undefined ? undefined : context.teller.tell(spelledOut(read, context.verdictOf));
      if (told === undefined) return;
      steps.push({
        at: new Date(head.nowMs).toISOString(),
        service: told.service,
        fact: told.name,
        story: told.story,
        requestId: head.requestId ?? null,
        caller: context.callerName(head.caller) ?? null,
      });
    });
    for (const step of steps) this.send(step);
  };

  private send(step: JourneyStep): void {
    const line = `data: ${JSON.stringify(step)}\n\n`;
    for (const listener of this.listeners) {
      if (!listener.isWanted(step.story)) continue;
      if (listener.isBehind) listener.missedCount += 1;
      else listener.isBehind = !listener.stream.write(line);
    }
  }
}
