// A cell in memory for tests of decisions: seeded randomness, a clock that only the test moves, an engine that keeps what
// was appended so that `restart` replays it. Not part of the product.

import { assert } from '#base/assert.ts';
import { SeededRandom } from '#base/random.ts';
import type { AwsError } from '#model/aws-error.ts';
import { type Principal, rootOf } from '#model/principal.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { nodeDigest } from '#runtime/digest.ts';
import type { Appended, Engine, Journal, Position, ReplayedEntry, Snapshot, TakenSnapshot } from '#storage/journal.ts';
import { MemoryBlobReader, MemoryBlobWriter } from '#storage/memory/memory-blob.ts';
import { wholeSnapshot } from '#storage/snapshot-sections.ts';
import type { AuthorizationRequest, IamMode } from './authorization.ts';
import { Cell } from './cell.ts';
import type { FinalReply } from './command.ts';
import { readEntry } from './entry.ts';
import type { FactKind } from './fact.ts';
import * as kernelFacts from './kernel-facts.ts';
import type { Limits } from './limits.ts';
import type { Clock, Performer } from './ports.ts';
import type { EventSink } from './reply-streams.ts';
import { defineService, type ServiceDefinition } from './service-definition.ts';
import type { RequestInfo } from './turn.ts';

export const TEST_NOW_MS = Date.UTC(2026, 0, 15, 12, 0, 0);
export const TEST_SCOPE: Scope = scopeOf('000000000000', 'us-east-1');

export interface TestCellOptions {
  readonly services: readonly ServiceDefinition[];
  readonly iamMode?: IamMode;
  readonly limits?: Limits;
  readonly performers?: Readonly<Record<string, Performer>>;
}

export interface CallOptions {
  readonly scope?: Scope;
  readonly principal?: Principal;
  readonly request?: Partial<RequestInfo>;
}

/** A call that waits (long poll, deferred reply): `reply` is set once it was answered, `stream` once a reply that stays open has begun. */
export interface PendingCall {
  reply: FinalReply | undefined;
  stream: TestStream | undefined;
  abort(): void;
}

/** The client's end of a reply that stays open. */
export class TestStream implements EventSink {
  readonly events: Record<string, unknown>[] = [];
  /** A slow client takes nothing until it is told to. */
  isSlow = false;
  ended: { readonly refused: AwsError | undefined } | undefined;
  private untaken: (() => void) | undefined;

  constructor(
    readonly output: unknown,
    private readonly later: (taken: () => void) => void,
  ) {}

  event(event: object, onTaken: () => void): void {
    this.events.push(event as Record<string, unknown>);
    this.untaken = onTaken;
    if (!this.isSlow) this.take();
  }

  /** The client reads what it was sent. */
  take(): void {
    const taken = this.untaken;
    this.untaken = undefined;
    if (taken !== undefined) this.later(taken);
  }

  end(refused: AwsError | undefined): void {
    this.ended = { refused };
  }
}

/** The clock of a test: stands still until it is moved. */
export class TestClock implements Clock {
  private now = TEST_NOW_MS;
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

interface StoredEntry extends ReplayedEntry {}

/** Keeps entries in a list; durable in the next microtask. */
export class TestEngine implements Engine {
  readonly kind = 'test';
  readonly secret = new Uint8Array(32).fill(7);
  readonly entries: StoredEntry[] = [];
  private latestSnapshot: Snapshot | undefined;
  private readonly blobBytes = new Map<string, Uint8Array>();
  readonly journal: Journal;

  constructor() {
    const { entries } = this;
    const payloadAt = new Map<number, Uint8Array>();
    let end = 0;
    let durableEnd = 0;
    let tell: (durableEnd: Position) => void = () => {};
    let isPlanned = false;
    this.journal = {
      get end() {
        return end as Position;
      },
      get durableEnd() {
        return durableEnd as Position;
      },
      append(facts: Uint8Array, payloads: readonly Uint8Array[]): Appended {
        const position = end as Position;
        end += 16 + facts.length;
        const positions = payloads.map((bytes) => {
          const at = end as Position;
          payloadAt.set(at, bytes.slice());
          end += bytes.length + 8;
          return at;
        });
        const appended = { position, end: end as Position, payloads: positions };
        entries.push({ ...appended, facts: facts.slice(), payloadBytes: payloads.map((bytes) => bytes.slice()) });
        if (!isPlanned) {
          isPlanned = true;
          queueMicrotask(() => {
            isPlanned = false;
            durableEnd = end;
            tell(durableEnd as Position);
          });
        }
        return appended;
      },
      onDurable(listener) {
        tell = listener;
      },
      onFailure() {},
      read(position, length) {
        const bytes = payloadAt.get(position);
        assert(bytes?.length === length, 'a payload that was appended is read');
        return bytes;
      },
      async replay(from, visit) {
        for (const entry of [...entries]) if (entry.position >= from) visit(entry);
      },
      segments: () => [{ start: 0 as Position, end: end as Position, sealed: false, name: 'test' }],
      drop: async () => {},
      async *scan() {
        const to = durableEnd;
        for (const entry of [...entries]) if (entry.end <= to) yield entry;
      },
      close: async () => {},
    };
  }

  readonly snapshots = {
    latest: async () => this.latestSnapshot,
    write: async (snapshot: TakenSnapshot) => {
      this.latestSnapshot = wholeSnapshot(snapshot);
    },
  };

  readonly blobs = {
    put: async (name: string, bytes: Uint8Array) => void this.blobBytes.set(name, bytes.slice()),
    get: async (name: string) => this.blobBytes.get(name),
    delete: async (name: string) => void this.blobBytes.delete(name),
    names: async (prefix = '') => [...this.blobBytes.keys()].filter((name) => name.startsWith(prefix)),
    write: async (name: string) => new MemoryBlobWriter(async (bytes) => void this.blobBytes.set(name, bytes)),
    open: async (name: string) => {
      const bytes = this.blobBytes.get(name);
      return bytes === undefined ? undefined : new MemoryBlobReader(bytes);
    },
  };

  async close(): Promise<void> {}
}

/** A decided fact as a test reads it. */
export interface DecidedFact {
  readonly name: string;
  readonly fact: unknown;
}

export class TestCell {
  readonly engine: TestEngine;
  readonly clock = new TestClock();
  readonly diagnostics: string[] = [];
  fatal: Error | undefined;
  cell!: Cell;
  private factsTaken = 0;
  private requests = 0;
  private laterCount = 0;

  constructor(
    private readonly options: TestCellOptions,
    engine = new TestEngine(),
  ) {
    this.engine = engine;
  }

  async open(): Promise<this> {
    this.cell = new Cell({
      ports: {
        engine: this.engine,
        clock: this.clock,
        digest: nodeDigest,
        entropy: new SeededRandom(this.engine.entries.length + 1),
        performers: new Map(Object.entries(this.options.performers ?? {})),
        onFatal: (error) => {
          this.fatal = error;
        },
        onDiagnostic: (line, error) => {
          this.diagnostics.push(`${line}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        },
      },
      services: this.options.services,
      iamMode: this.options.iamMode ?? 'off',
      limits: this.options.limits ?? { mode: 'machine' },
      advertisedUrl: 'http://127.0.0.1:4566',
    });
    await this.cell.open();
    this.factsTaken = this.engine.entries.length;
    return this;
  }

  /** Starts a call; see {@link PendingCall}. */
  start(service: string, operation: string, input: unknown, options: CallOptions = {}): PendingCall {
    this.requests += 1;
    const call: PendingCall = { reply: undefined, stream: undefined, abort: () => {} };
    const scope = options.scope ?? TEST_SCOPE;
    const submit = (prepared: unknown): void => {
      call.abort = this.cell.submit({
        service,
        operation,
        input: prepared,
        scope,
        principal: options.principal ?? rootOf(scope.account),
        request: this.requestInfo(options.request),
        onReply: (reply) => {
          call.reply = reply;
        },
        onStream: (output) => {
          call.stream = new TestStream(output, (taken) => this.later(taken));
          return call.stream;
        },
      });
    };
    const prepare = this.cell.registry.services.get(service)?.definition.operations[operation]?.prepare as
      | ((input: unknown, io: unknown, request: RequestInfo) => Promise<unknown>)
      | undefined;
    if (prepare === undefined) {
      submit(input);
      return call;
    }
    const io = {
      blobs: this.engine.blobs,
      sha256Base64: (bytes: Uint8Array) => Buffer.from(nodeDigest.sha256(bytes)).toString('base64'),
      ask: this.cell.registry.services.has('s3') ? this.askAs(options) : undefined,
    };
    void prepare(input, io, this.requestInfo(options.request)).then((prepared) => {
      if (typeof prepared === 'object' && prepared !== null && 'refused' in prepared)
        call.reply = prepared as FinalReply;
      else submit(prepared);
    });
    return call;
  }

  /** What `prepare` may ask, as the server does it. */
  private askAs({ scope = TEST_SCOPE, principal, request }: CallOptions) {
    return (service: string, operation: string, input: unknown): Promise<FinalReply> =>
      new Promise((onReply) => {
        const as = { scope, principal: principal ?? rootOf(scope.account), request: this.requestInfo(request) };
        this.cell.submit({ service, operation, input, ...as, onReply });
      });
  }

  /** Calls and waits for the reply; fails when the call waits for something (use `start`). */
  async call<O = Record<string, unknown>>(
    service: string,
    operation: string,
    input: unknown,
    options: CallOptions = {},
  ): Promise<O> {
    const reply = await this.reply(service, operation, input, options);
    if ('refused' in reply) throw new Error(`${operation} was refused: ${JSON.stringify(reply.refused)}`);
    return reply.output as O;
  }

  /** The reply, refused or not. */
  async reply(service: string, operation: string, input: unknown, options: CallOptions = {}): Promise<FinalReply> {
    const call = this.start(service, operation, input, options);
    await this.settle();
    if (this.fatal !== undefined) throw this.fatal;
    assert(call.reply !== undefined, `${operation} was answered ${this.diagnostics.join('\n')}`);
    return call.reply;
  }

  /** Lets everything run that runs without time passing. */
  async settle(): Promise<void> {
    do {
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      await this.cell.whenIdle();
      for (let i = 0; i < 10; i += 1) await Promise.resolve();
    } while (this.laterCount > 0);
  }

  private later(work: () => void): void {
    this.laterCount += 1;
    void Promise.resolve().then(() => {
      this.laterCount -= 1;
      work();
    });
  }

  /** Moves time, firing everything due on the way in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.clock.nowMs() + ms;
    for (;;) {
      await this.settle();
      const dueAtMs = this.cell.nextDueAtMs();
      if (dueAtMs === undefined || dueAtMs > endMs) break;
      this.clock.moveTo(Math.max(dueAtMs, this.clock.nowMs()));
    }
    this.clock.moveTo(endMs);
    await this.settle();
  }

  /** Facts decided since the last call of this method (kernel's payload facts left out). */
  takeFacts(): DecidedFact[] {
    const kinds = new Map<number, FactKind<unknown>>();
    for (const kind of Object.values(kernelFacts)) kinds.set(kind.id, kind as unknown as FactKind<unknown>);
    for (const { kind } of this.cell.registry.facts.values()) kinds.set(kind.id, kind);
    const decided: DecidedFact[] = [];
    for (const entry of this.engine.entries.slice(this.factsTaken)) {
      readEntry(entry.facts, ({ kindId, body }) => {
        const kind = kinds.get(kindId);
        assert(kind !== undefined, `fact kind ${kindId} is known`);
        if (kind.name === 'PayloadStored' || kind.name === 'CallerSeen') return;
        decided.push({ name: kind.name, fact: kind.read(body) });
      });
    }
    this.factsTaken = this.engine.entries.length;
    return decided;
  }

  /** The same store opened by a new process: as after kill -9, or after a clean stop with a snapshot. */
  async restart(options: { readonly clean?: boolean } = {}): Promise<TestCell> {
    await this.settle();
    if (options.clean === true) await this.cell.close();
    const next = new TestCell(this.options, this.engine);
    next.clock.moveTo(this.clock.nowMs());
    return next.open();
  }

  private requestInfo(given: Partial<RequestInfo> = {}): RequestInfo {
    const serial = String(this.requests).padStart(12, '0');
    return {
      requestId: `00000000-0000-4000-8000-${serial}`,
      baseUrl: 'http://127.0.0.1:4566',
      sourceIp: '127.0.0.1',
      userAgent: 'test',
      isSecure: false,
      ...given,
    };
  }
}

/** Opens a cell with these services. */
export function testCell(
  services: readonly ServiceDefinition[],
  options: Omit<TestCellOptions, 'services'> = {},
): Promise<TestCell> {
  return new TestCell({ services, ...options }).open();
}

/** Stands in for IAM in tests of permissions: writes down what it is asked, and allows all but what a test forbids. Wants `iamMode: 'enforce'`. */
export class TestIam {
  readonly asked: AuthorizationRequest[] = [];
  isForbidden: (action: string) => boolean = () => false;

  /** What was asked since the last time. */
  takeAsked(): readonly AuthorizationRequest[] {
    return this.asked.splice(0);
  }

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'iam',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      doors: () => ({
        identities: { findRole: () => undefined, findPolicyText: () => undefined, findKeyAccount: () => undefined },
        authorizer: {
          evaluate: (_turn, request) => {
            this.asked.push(request);
            const isForbidden = this.isForbidden(request.action);
            return {
              decision: isForbidden ? 'implicit-deny' : 'allow',
              reason: isForbidden ? 'not allowed' : 'allowed',
            };
          },
        },
      }),
    });
  }
}
