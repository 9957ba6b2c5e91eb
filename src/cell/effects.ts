// Starts work outside the cell after durability, and brings the outcome back as a turn. Also reads payloads for replies.

import type { PayloadLocation } from './payloads.ts';
import type { CellPorts } from './ports.ts';
import type { EffectRequest, Outcome } from './turn.ts';

/** Built in: reads payloads, nothing else. */
const READ_PAYLOADS = 'read-payloads';

export class Effects {
  private openCount = 0;

  constructor(
    private readonly ports: CellPorts,
    private readonly enqueue: (work: () => void) => void,
  ) {}

  get isIdle(): boolean {
    return this.openCount === 0;
  }

  /** An effect will start once its turn is durable: it counts as open from now on. */
  plan(): void {
    this.openCount += 1;
  }

  start(
    effect: EffectRequest,
    located: readonly (PayloadLocation | undefined)[],
    react: (outcome: Outcome) => void,
  ): void {
    const end = (outcome: Outcome): void =>
      this.enqueue(() => {
        this.openCount -= 1;
        react(outcome);
      });
    this.read(
      located,
      (payloads) => {
        if (effect.performer === READ_PAYLOADS) end({ result: payloads });
        else this.run(effect, payloads, end);
      },
      (error) => end({ failed: error.message }),
    );
  }

  private run(effect: EffectRequest, payloads: readonly Uint8Array[], end: (outcome: Outcome) => void): void {
    const performer = this.ports.performers.get(effect.performer);
    if (performer === undefined) {
      end({ failed: `nothing here performs ${effect.performer}` });
      return;
    }
    performer({ input: effect.input, payloads }).then(
      (result) => end({ result }),
      (error: unknown) => end({ failed: error instanceof Error ? error.message : String(error) }),
    );
  }

  /** Bytes of payloads, in order; synchronous when all of them are in the journal's cache. */
  read(
    located: readonly (PayloadLocation | undefined)[],
    onRead: (payloads: readonly Uint8Array[]) => void,
    onError: (error: Error) => void,
  ): void {
    const { journal } = this.ports.engine;
    const found: (Uint8Array | Promise<Uint8Array>)[] = [];
    let isReady = true;
    for (const location of located) {
      if (location === undefined) {
        onError(new Error('a payload was read after it had been released'));
        return;
      }
      const bytes = journal.read(location.position, location.length);
      if (!(bytes instanceof Uint8Array)) isReady = false;
      found.push(bytes);
    }
    if (isReady) onRead(found as Uint8Array[]);
    else Promise.all(found).then(onRead, onError);
  }
}
