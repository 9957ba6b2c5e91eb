// The simulated world: one seed drives the disk, the clock, the clients and the crashes. The cell and the services are the
// real ones; only the ports are imagined.

import { SeededRandom } from '#base/random.ts';
import { Cell } from '#cell/cell.ts';
import type { FinalReply } from '#cell/command.ts';
import type { Clock, Performer } from '#cell/ports.ts';
import { replayJournal } from '#cell/replay.ts';
import type { EventSink } from '#cell/reply-streams.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { openSimulatedEngine, type SimulatedEngine } from '#storage/simulated/simulated-engine.ts';
import { Violation } from './violation.ts';

const START_MS = Date.UTC(2026, 0, 1);
const SCOPE = scopeOf('000000000000', 'us-east-1');
const PRINCIPAL = rootOf('000000000000');
/** Small, so that every seed takes snapshots, drops segments and copies live payloads forward. */
const SEGMENT_BYTES = 16 * 1024;
const SNAPSHOT_EVERY_BYTES = 24 * 1024;
const HISTORY_BYTES_MAX = 16 * 1024;

export interface WorldOptions {
  readonly seed: number;
  readonly services: () => readonly ServiceDefinition[];
  readonly performers?: Readonly<Record<string, Performer>>;
  /** Those that work on the disk: made anew for each process. */
  readonly performersOf?: (engine: SimulatedEngine) => ReadonlyMap<string, Performer>;
  /** Plants a mutant into a cell that was just made. */
  readonly sabotage?: (cell: Cell) => void;
  readonly tells?: boolean;
}

export class SimulatedClock implements Clock {
  private now = START_MS;
  private ring: () => void = () => {};
  nowMs(): number {
    return this.now;
  }
  startFrom(ms: number): void {
    if (ms > this.now) this.now = ms;
  }
  setAlarm(): void {}
  onAlarm(ring: () => void): void {
    this.ring = ring;
  }
  moveTo(ms: number): void {
    this.now = ms;
    this.ring();
  }
}

export interface Call {
  readonly id: number;
  readonly submittedAtMs: number;
  /** Set once the reply came; a call of a process that died never gets one. */
  reply: FinalReply | undefined;
  abort: () => void;
}

export class World {
  readonly random: SeededRandom;
  readonly clock = new SimulatedClock();
  engine: SimulatedEngine;
  cell!: Cell;
  commandCount = 0;
  crashCount = 0;
  restartCount = 0;
  /** Where the journal ended that the last crash left behind: what began behind it never was. */
  survivingEnd = 0;
  private generation = 0;
  private readonly story: string[] = [];

  constructor(private readonly options: WorldOptions) {
    this.random = new SeededRandom(options.seed);
    this.engine = openSimulatedEngine({ seed: options.seed ^ 0x5eed, segmentBytes: SEGMENT_BYTES });
  }

  async open(): Promise<void> {
    this.cell = this.makeCell();
    await this.cell.open();
  }

  /** What replay alone makes of what survives now, before anything is resumed. */
  async replayed(): Promise<Cell> {
    this.engine = this.engine.crash();
    const cell = this.makeCell();
    const { journal, snapshots } = this.engine;
    await replayJournal(cell.memory, journal, await snapshots.latest());
    this.engine = this.engine.crash();
    return cell;
  }

  private makeCell(): Cell {
    this.generation += 1;
    const { generation } = this;
    const cell = new Cell({
      ports: {
        engine: this.engine,
        clock: this.clock,
        digest: nodeDigest,
        entropy: new SeededRandom(this.options.seed * 31 + generation),
        performers: new Map([
          ...Object.entries(this.options.performers ?? {}),
          ...(this.options.performersOf?.(this.engine) ?? []),
        ]),
        onFatal: (error) => {
          if (generation === this.generation) this.fatal = error;
        },
        onDiagnostic: (line, error) => {
          this.fatal ??= new Violation(`${line}: ${error instanceof Error ? error.stack : String(error)}`);
        },
      },
      services: this.options.services(),
      iamMode: 'explain',
      advertisedUrl: 'http://sim',
      snapshotEveryBytes: SNAPSHOT_EVERY_BYTES,
      historyBytesMax: HISTORY_BYTES_MAX,
    });
    this.options.sabotage?.(cell);
    return cell;
  }

  fatal: Error | undefined;

  /** Asks the cell; `onReply` hears of it when the disk is as far, if the process lives that long. */
  call(
    service: string,
    operation: string,
    input: unknown,
    onReply: (reply: FinalReply, call: Call) => void,
    onStream?: () => EventSink,
  ): Call {
    this.commandCount += 1;
    const { generation } = this;
    const call: Call = { id: this.commandCount, submittedAtMs: this.clock.nowMs(), reply: undefined, abort: () => {} };
    call.abort = this.cell.submit({
      service,
      operation,
      input,
      scope: SCOPE,
      principal: PRINCIPAL,
      request: {
        requestId: `00000000-0000-4000-8000-${String(this.commandCount).padStart(12, '0')}`,
        baseUrl: 'http://sim',
        sourceIp: '127.0.0.1',
        userAgent: 'simulation',
        isSecure: false,
      },
      onReply: (reply) => {
        if (generation !== this.generation) return;
        call.reply = reply;
        this.noting(() => onReply(reply, call));
      },
      ...(onStream === undefined ? {} : { onStream }),
    });
    return call;
  }

  /** What is found out inside the cell, or while it waits for the disk, is told with the next step. */
  noting(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.fatal ??= error as Error;
    }
  }

  /** Asks and drives the disk until the answer is there. */
  async ask<O>(service: string, operation: string, input: unknown): Promise<O> {
    const call = this.call(service, operation, await this.prepared(service, operation, input), () => {});
    for (let i = 0; i < 100 && call.reply === undefined; i += 1) await this.settle();
    if (call.reply === undefined) throw new Violation(`${operation} was never answered`);
    if ('refused' in call.reply) throw new Violation(`${operation} was refused: ${JSON.stringify(call.reply.refused)}`);
    return call.reply.output as O;
  }

  /** What the gateway does before it submits: the operation's own I/O. */
  private async prepared(service: string, operation: string, input: unknown): Promise<unknown> {
    const prepare = this.cell.registry.services.get(service)?.definition.operations[operation]?.prepare;
    if (prepare === undefined) return input;
    let result: unknown;
    const io = {
      blobs: this.engine.blobs,
      sha256Base64: (bytes: Uint8Array) => Buffer.from(nodeDigest.sha256(bytes)).toString('base64'),
    };
    const preparing = prepare(input as never, io, {
      requestId: '00000000-0000-4000-8000-000000000000',
      baseUrl: 'http://sim',
      sourceIp: '127.0.0.1',
      userAgent: 'simulation',
      isSecure: false,
    });
    void preparing.then((value) => {
      result = value;
    });
    for (let i = 0; i < 100 && result === undefined; i += 1) await this.settle();
    return result;
  }

  /** Lets finished promises run; the disk stays where it is. */
  async breathe(): Promise<void> {
    for (let i = 0; i < 8; i += 1) await Promise.resolve();
    if (this.fatal !== undefined) throw this.fatal;
  }

  /** Everything durable, everything answered that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 4; i += 1) {
      this.engine.sync();
      await this.breathe();
    }
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.clock.nowMs() + ms;
    for (;;) {
      const dueAtMs = this.cell.nextDueAtMs();
      if (dueAtMs === undefined || dueAtMs > endMs) break;
      this.clock.moveTo(Math.max(dueAtMs, this.clock.nowMs()));
      await this.breathe();
    }
    this.clock.moveTo(endMs);
    await this.breathe();
  }

  /** Power cut: what was not synced is lost, torn or there, as the seed says. `whileDown` is told before the next process begins. */
  async crash(whileDown: () => void = () => {}): Promise<void> {
    this.crashCount += 1;
    this.engine = this.engine.crash();
    this.survivingEnd = this.engine.journal.end;
    whileDown();
    await this.open();
  }

  /** `whileClosing` lets the outside finish what the process waits for. */
  async restartCleanly(whileClosing: () => void, whileDown: () => void = () => {}): Promise<void> {
    this.restartCount += 1;
    const closing = this.cell.close();
    let isClosed = false;
    void closing.then(() => {
      isClosed = true;
    });
    for (let i = 0; i < 1000 && !isClosed; i += 1) {
      whileClosing();
      await this.settle();
    }
    if (!isClosed) throw new Violation('the cell does not close');
    this.engine = this.engine.crash();
    whileDown();
    await this.open();
  }

  tell(line: string): void {
    if (this.options.tells === true) console.log(line);
    this.story.push(line);
    if (this.story.length > 200) this.story.shift();
  }
}
