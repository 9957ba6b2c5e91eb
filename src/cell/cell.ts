// The cell: runs every command to its end, one after another. Three invariants:
//  1. Memory changes only by applying facts, and every applied fact is in the journal's next entry.
//  2. Nothing that a turn decided or saw leaves the cell before the journal says it is durable (see committer.ts).
//  3. Whatever can be lost with the process (parked polls, tickets, effects) is made anew from state, or asked again.
//
// Turns started by turns (a wake-up, the outcome of a finished read) wait in `backlog`, so that no turn nests in another.

import { assert, Defect } from '#base/assert.ts';
import { ByteWriter } from '#base/bytes.ts';
import { type AwsError, serverError } from '#model/aws-error.ts';
import { rootOf } from '#model/principal.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, scopeOf } from '#model/scope.ts';
import type { Position } from '#storage/journal.ts';
import { askAdmission } from './admission.ts';
import type { IamMode } from './authorization.ts';
import { buildDoors } from './build-doors.ts';
import type { Command } from './command.ts';
import { Committer } from './committer.ts';
import { Effects } from './effects.ts';
import { type FactRegistry, type ServiceRuntime, splitTimerKey } from './fact-registry.ts';
import { Housekeeping, type HousekeepingOptions } from './housekeeping.ts';
import type { Limits } from './limits.ts';
import { Memory } from './memory.ts';
import { operationsDoor } from './operations-door.ts';
import { Parked } from './parked.ts';
import { Pass, type PassFrame, TurnView } from './pass.ts';
import type { PayloadId, Payloads } from './payloads.ts';
import { Permissions } from './permissions.ts';
import type { CellPorts } from './ports.ts';
import { replayJournal } from './replay.ts';
import { type ReadyReply, Replies } from './replies.ts';
import type { Operation, Reply, ServiceDefinition } from './service-definition.ts';
import type { Outcome, Ticket } from './turn.ts';

export interface CellOptions extends HousekeepingOptions {
  readonly ports: CellPorts;
  readonly services: readonly ServiceDefinition[];
  readonly iamMode: IamMode;
  readonly limits?: Limits;
  /** For URLs when no request tells one. */
  readonly advertisedUrl: string;
}

/** Turns run in one go before the event loop gets its turn again. */
const TIMERS_PER_RING = 1_000;

export class Cell {
  readonly memory: Memory;
  readonly housekeeping: Housekeeping;
  private readonly parked = new Parked<Command>();
  private readonly committer: Committer;
  private readonly effects: Effects;
  private readonly replies: Replies;
  private readonly frame: PassFrame;
  private readonly permissions: Permissions;
  private readonly ports: CellPorts;
  private readonly backlog: (() => void)[] = [];
  private isRunning = false;
  private isOpen = false;
  private isDraining = false;
  private hasFailed = false;
  private lastMs = 0;
  private nextId = 1;
  private idleWaiters: (() => void)[] = [];

  constructor(options: CellOptions) {
    const { ports } = options;
    this.ports = ports;
    this.memory = new Memory(options.services);
    const { registry, payloads, callers, verdicts } = this.memory;
    const { services } = registry;
    const { doors, authorizer } = buildDoors(services.values());
    this.permissions = new Permissions(options.iamMode, authorizer);
    const { permissions } = this;
    const operations = operationsDoor({ services, permissions, onDiagnostic: ports.onDiagnostic });
    this.frame = {
      registry,
      payloads,
      callers,
      verdicts,
      writer: new ByteWriter(64 * 1024),
      payloadWriter: new ByteWriter(1024 * 1024),
      doors: { ...doors, operations },
      digest: ports.digest,
      entropy: ports.entropy,
      secret: ports.engine.secret,
      limits: options.limits ?? { mode: 'machine' },
      advertisedUrl: options.advertisedUrl,
      nextTicket: () => this.takeId() as Ticket,
      evaluate: (turn, request) => this.permissions.evaluate(turn, request),
    };
    const { journal } = ports.engine;
    this.committer = new Committer(journal, () => this.tellIdle());
    this.effects = new Effects(ports, (end) => this.enqueue(end));
    this.replies = new Replies({
      memory: this.memory,
      committer: this.committer,
      effects: this.effects,
      onDiagnostic: ports.onDiagnostic,
      enqueue: (work) => this.enqueue(work),
      runInternal: (service, work) => this.runInternal(service, work),
      react: (service, then, outcome) => this.react(service, then, outcome),
    });
    this.housekeeping = new Housekeeping(this, options);
    journal.onFailure((error) => this.fail(error));
    ports.clock.onAlarm(() => this.fireDue());
  }

  get nowMs(): number {
    return this.lastMs;
  }

  get registry(): FactRegistry {
    return this.memory.registry;
  }

  get payloads(): Payloads {
    return this.memory.payloads;
  }

  get engine(): CellPorts['engine'] {
    return this.ports.engine;
  }

  get parkedCount(): number {
    return this.parked.count;
  }

  /** Restores the snapshot, replays the journal behind it, and lets services restart what was open. */
  async open(): Promise<void> {
    const { snapshots, journal } = this.ports.engine;
    const snapshot = await snapshots.latest();
    this.housekeeping.noteRestored((snapshot?.position ?? 0) as Position);
    this.lastMs = await replayJournal(this.memory, journal, snapshot);
    this.ports.clock.startFrom(this.lastMs);
    this.isOpen = true;
    for (const service of this.memory.registry.services.values()) {
      const { resume } = service.definition;
      if (resume === undefined) continue;
      this.enqueue(() => this.runInternal(service, (turn) => resume(turn)));
    }
    this.setAlarm();
  }

  /** Runs one command now. Returns how to take it back while it waits: the client has gone. */
  submit(command: Command): () => void {
    assert(this.isOpen, 'the cell is open');
    const id = this.takeId();
    this.enqueue(() => this.runCommand(command, id, false));
    return () => {
      this.parked.remove(id);
      this.replies.abort(command);
    };
  }

  /**
   * Asks whether a command would get as far as its body: permission, and the operation's `admit`. Records nothing; the answer waits for
   * what it saw to be durable, like every other.
   */
  admit(command: Omit<Command, 'onReply'>, answer: (refused: AwsError | undefined) => void): void {
    const { frame, permissions } = this;
    const { service, operation } = this.operationOf(command);
    const onDefect = (error: unknown) => this.ports.onDiagnostic(`defect in ${command.operation}`, error);
    this.enqueue(() => {
      const nowMs = this.readClock();
      const refused = askAdmission({ frame, permissions, service, operation, nowMs, onDefect }, command);
      this.committer.whenDurable(() => answer(refused));
    });
  }

  /** Fires what is due by now, in order of due time. */
  fireDue(): void {
    for (let left = TIMERS_PER_RING; left > 0; left -= 1) {
      const nowMs = this.readClock();
      const timer = this.memory.timers.takeDue(nowMs);
      if (timer === undefined) break;
      this.enqueue(() => this.fire(timer.key));
    }
    const nowMs = this.readClock();
    for (let ended = this.parked.takeEnded(nowMs); ended !== undefined; ended = this.parked.takeEnded(nowMs)) {
      const { command, id } = ended;
      this.enqueue(() => this.runCommand(command, id, true));
    }
    while (this.replies.streams.tellDue(nowMs));
    this.setAlarm();
  }

  /** When something is due next: a timer, the end of a long poll, what an open stream waits for. */
  nextDueAtMs(): number | undefined {
    const timer = this.memory.timers.nextDueAtMs() ?? Infinity;
    const parked = this.parked.nextEndMs() ?? Infinity;
    const next = Math.min(timer, parked, this.replies.streams.nextDueAtMs() ?? Infinity);
    return next === Infinity ? undefined : next;
  }

  /** Resolves when nothing runs: no effect under way, nothing waits for durability. Long polls may be parked. */
  whenIdle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  get isIdle(): boolean {
    return this.committer.isIdle && this.effects.isIdle && this.backlog.length === 0;
  }

  /** Answers every long poll with what it would get at its end, and ends what stays open; for draining. */
  endParked(): void {
    this.replies.streams.closeAll();
    for (const { id, command } of this.parked.all()) {
      this.parked.remove(id);
      this.enqueue(() => this.runCommand(command, id, true));
    }
  }

  /** From now on long polls are answered at once and no new effect is started; those under way may end. */
  drain(): void {
    this.isDraining = true;
    this.endParked();
  }

  /**
   * Ends cleanly: long polls answered, running effects waited for and no new ones started (whoever wanted them asks again
   * after the restart), journal durable, a snapshot written for a quick start.
   */
  async close(): Promise<void> {
    this.drain();
    this.ports.clock.setAlarm(undefined);
    await this.housekeeping.close();
    this.isOpen = false;
  }

  /** Runs a turn of the kernel's own (housekeeping, admin). */
  runInternal(service: ServiceRuntime, work: (turn: TurnView) => void): void {
    const scope = scopeOf(DEFAULT_ACCOUNT, DEFAULT_REGION);
    const pass = new Pass(this.frame, this.readClock(), undefined, rootOf(DEFAULT_ACCOUNT), false);
    try {
      work(new TurnView(pass, service, scope, rootOf(DEFAULT_ACCOUNT)));
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.finish(pass);
  }

  /** Resolves when every entry up to the position is durable, those that nobody waits for too; for readers of the journal. */
  async whenWritten(position = this.ports.engine.journal.end): Promise<void> {
    const { journal } = this.ports.engine;
    if (journal.durableEnd >= position) return;
    await new Promise<void>((resolve) => this.committer.whenDurable(resolve));
    // An entry with eventual facts alone is not waited for above; it is in the same or the next group.
    while (journal.durableEnd < position) await new Promise<void>((resolve) => this.committer.whenNextDurable(resolve));
  }

  /** Appends an entry that the kernel itself wrote (moved payloads). */
  appendEntry(write: (writer: ByteWriter) => void, payloads: readonly Uint8Array[]): readonly Position[] {
    const { writer } = this.frame;
    writer.reset();
    write(writer);
    const appended = this.ports.engine.journal.append(writer.bytes, payloads);
    this.committer.noteStrict(appended.end);
    return appended.payloads;
  }

  enqueue(work: () => void): void {
    this.backlog.push(work);
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let i = 0; i < this.backlog.length; i += 1) {
        if (this.hasFailed) break;
        (this.backlog[i] as () => void)();
      }
    } finally {
      this.backlog.length = 0;
      this.isRunning = false;
    }
    this.setAlarm();
    this.tellIdle();
  }

  private operationOf(command: Pick<Command, 'service' | 'operation'>) {
    const service = this.memory.registry.services.get(command.service);
    assert(service !== undefined, `${command.service} is a service of this cell`);
    const operation = service.definition.operations[command.operation] as unknown as
      | Operation<unknown, unknown, unknown>
      | undefined;
    assert(operation !== undefined, `${command.service} has ${command.operation}`);
    return { service, operation };
  }

  private runCommand(command: Command, id: number, isLastTry: boolean): void {
    const { service, operation } = this.operationOf(command);
    const pass = new Pass(this.frame, this.readClock(), command.request, command.principal, isLastTry);
    const turn = new TurnView(pass, service, command.scope, command.principal);
    let reply: Reply<unknown>;
    try {
      const isRerun = isLastTry || this.parked.get(id) !== undefined;
      const refused = isRerun
        ? undefined
        : this.permissions.check(service.definition, turn, { operation, input: command.input });
      reply = refused === undefined ? operation.decide(turn, command.input) : { refused };
    } catch (error) {
      if (pass.hasChanged) {
        this.fail(error as Error);
        return;
      }
      // Nothing was changed: the caller gets AWS's answer to its own defects, the process goes on.
      this.ports.onDiagnostic(`defect in ${command.service}.${command.operation}`, error);
      reply = {
        refused: serverError('InternalFailure', 'The request processing has failed because of an unknown error.'),
      };
    }
    this.settle({ command, id, pass, reply });
  }

  private settle(ran: { command: Command; id: number; pass: Pass; reply: Reply<unknown> }): void {
    const { command, id, pass, reply } = ran;
    if ('parked' in reply) {
      assert(!pass.hasChanged, 'a turn that parks has recorded nothing');
      this.finish(pass);
      this.parked.park({ id, command, ...reply.parked });
      return;
    }
    this.parked.remove(id);
    if ('refused' in reply && pass.hasChanged) {
      this.fail(new Defect(`${command.service}.${command.operation} refused after it had recorded facts`));
      return;
    }
    if ('deferred' in reply) {
      this.replies.defer(reply.deferred, command);
      this.finish(pass);
      return;
    }
    this.finish(pass, reply, command);
  }

  private fire(key: string): void {
    const { service: name, timer, subject } = splitTimerKey(key);
    const service = this.memory.registry.services.get(name);
    const handler = service?.definition.timers?.[timer];
    assert(service !== undefined && handler !== undefined, `timer ${key} has a handler`);
    this.runInternal(service, (turn) => handler(turn, subject));
  }

  private react(service: ServiceRuntime, then: { reaction: string; subject: string }, outcome: Outcome): void {
    const reaction = service.definition.reactions?.[then.reaction];
    assert(reaction !== undefined, `${service.definition.name} has the reaction ${then.reaction}`);
    this.runInternal(service, (turn) => reaction(turn, then.subject, outcome));
  }

  /** Journals what the pass recorded, and plans what follows: reply, tickets, effects, wake-ups. */
  private finish(pass: Pass, reply?: ReadyReply, command?: Command): void {
    if (pass.hasEntry) this.append(pass);
    if (reply !== undefined && command !== undefined) this.replies.release(reply, command);
    this.replies.take(pass);
    for (const { service, effect } of this.isDraining ? [] : pass.effects) {
      const located = (effect.payloads ?? []).map((id) => this.memory.payloads.locate(id));
      this.effects.plan();
      this.committer.whenDurable(() =>
        this.effects.start(effect, located, (outcome) => this.react(service, effect.then, outcome)),
      );
    }
    for (const key of pass.wakes) this.wake(key);
  }

  private append(pass: Pass): void {
    const appended = this.ports.engine.journal.append(this.frame.writer.bytes, pass.payloadBytes);
    // Backwards: a slot that was freed and taken again within the turn belongs to its last payload.
    for (let i = pass.payloadIds.length - 1; i >= 0; i -= 1) {
      const id = pass.payloadIds[i] as PayloadId;
      this.memory.payloads.settle(id, appended.payloads[i] as Position);
    }
    if (pass.isStrict) this.committer.noteStrict(appended.end);
    this.housekeeping.noteAppended(appended.end);
    this.ports.onEntry?.(this.frame.writer.bytes, pass.payloadBytes);
  }

  private wake(key: string): void {
    for (const timerKey of this.memory.watches.of(key) ?? []) this.backlog.push(() => this.fire(timerKey));
    this.replies.streams.wake(key);
    if (this.parked.first(key) !== undefined) this.backlog.push(() => this.rerunParked(key));
  }

  /** Runs parked commands again, oldest first, until one parks again: those behind it would find no more. */
  private rerunParked(key: string): void {
    for (const id of this.parked.waiting(key)) {
      const parked = this.parked.get(id);
      if (parked === undefined) continue;
      this.runCommand(parked.command, id, false);
      if (this.hasFailed || this.parked.get(id) !== undefined) return;
    }
  }

  private readClock(): number {
    const nowMs = this.ports.clock.nowMs();
    if (nowMs > this.lastMs) this.lastMs = nowMs;
    return this.lastMs;
  }

  private setAlarm(): void {
    if (!this.isOpen || this.hasFailed) return;
    this.ports.clock.setAlarm(this.nextDueAtMs());
  }

  private tellIdle(): void {
    if (this.idleWaiters.length === 0 || !this.isIdle) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const tell of waiters) tell();
  }

  private takeId(): number {
    const id = this.nextId;
    this.nextId += 1;
    return id;
  }

  /** Memory and journal may differ now: nothing more is answered, the process must end; a restart replays. */
  fail(error: Error): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.ports.onFatal(error);
  }
}
