// One pass of the cell: the entry that is being written, and what shall follow it. `TurnView` is what a service sees of
// it; several views (other scopes, other principals, other services through doors) can look at the same pass.

import { assert } from '#base/assert.ts';
import type { ByteWriter } from '#base/bytes.ts';
import type { Digest } from '#base/digest.ts';
import type { Entropy } from '#base/random.ts';
import { formatUuid, markVersion4 } from '#base/uuid.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import type { Table } from '#structures/table.ts';
import type { AuthorizationRequest, AuthorizationVerdict } from './authorization.ts';
import type { Doors } from './doors.ts';
import { writeEntryHead } from './entry.ts';
import type { FactKind } from './fact.ts';
import type { FactRegistry, ServiceRuntime } from './fact-registry.ts';
import { CallerSeen, DocumentDropped, DocumentPut, PayloadStored, VerdictNoted, VerdictSeen } from './kernel-facts.ts';
import type { Limits } from './limits.ts';
import type { PayloadId, Payloads } from './payloads.ts';
import type { StreamStep } from './reply-streams.ts';
import type { Caller, NotedVerdict, Seen } from './seen.ts';
import type { EffectRequest, RequestInfo, StreamWait, Ticket, Turn } from './turn.ts';

/** What all passes of a cell share. */
export interface PassFrame {
  readonly registry: FactRegistry;
  readonly payloads: Payloads;
  readonly callers: Seen<Caller>;
  readonly verdicts: Seen<NotedVerdict>;
  /** The entry's facts. */
  readonly writer: ByteWriter;
  /** The entry's payloads, one behind the other. */
  readonly payloadWriter: ByteWriter;
  readonly doors: Doors;
  readonly digest: Digest;
  readonly entropy: Entropy;
  readonly secret: Uint8Array;
  readonly limits: Limits;
  readonly advertisedUrl: string;
  nextTicket(): Ticket;
  evaluate(turn: Turn, request: AuthorizationRequest): AuthorizationVerdict;
}

export interface StartedEffect {
  readonly service: ServiceRuntime;
  readonly effect: EffectRequest;
}

export interface ResolvedTicket {
  readonly ticket: Ticket;
  readonly reply: { readonly output: unknown } | { readonly refused: AwsError };
}

/** A ticket of an operation that a service called: its reply goes to the service's reaction. */
export interface AskedOperation {
  readonly ticket: Ticket;
  readonly service: ServiceRuntime;
  readonly then: EffectRequest['then'];
}

export class Pass {
  /** Where each payload ends in the frame's payload writer. */
  private readonly payloadEnds: number[] = [];
  readonly payloadIds: PayloadId[] = [];
  readonly wakes: string[] = [];
  readonly effects: StartedEffect[] = [];
  readonly resolved: ResolvedTicket[] = [];
  /** Replies of called operations that come later, and who gets them. */
  readonly asked: AskedOperation[] = [];
  /** What becomes of open streams, in order. */
  readonly streamSteps: StreamStep[] = [];
  isStrict = false;
  /** Facts about state (notes of denials are not), counted. */
  changes = 0;
  hasEntry = false;
  /** Nothing may be recorded, and what is noted on the way is noted again when the command itself comes. */
  isQuestion = false;

  constructor(
    readonly frame: PassFrame,
    readonly nowMs: number,
    readonly request: RequestInfo | undefined,
    private readonly principal: Principal,
    readonly isLastTry: boolean,
  ) {}

  get hasChanged(): boolean {
    return this.changes > 0;
  }

  record(kind: FactKind<unknown>, fact: unknown): void {
    const registered = this.frame.registry.facts.get(kind.id);
    assert(registered !== undefined, `${kind.name} belongs to a service of this cell`);
    this.write(kind, fact);
    this.changes += 1;
    registered.apply(fact);
  }

  put(table: Table<unknown>, key: string, doc: unknown): void {
    const registered = this.frame.registry.tables.get(table.name);
    assert(registered?.table === table, `${table.name} belongs to a service of this cell`);
    this.write(DocumentPut, { table: table.name, key, doc });
    this.changes += 1;
    registered.put(key, doc);
  }

  drop(table: Table<unknown>, key: string): void {
    const registered = this.frame.registry.tables.get(table.name);
    assert(registered?.table === table, `${table.name} belongs to a service of this cell`);
    this.write(DocumentDropped, { table: table.name, key });
    this.changes += 1;
    registered.drop(key);
  }

  storePayload(bytes: Uint8Array): PayloadId {
    const payload = this.frame.payloads.applyStored(bytes.length);
    this.write(PayloadStored, { payload, bytes: bytes.length });
    this.changes += 1;
    this.frame.payloadWriter.raw(bytes);
    this.payloadEnds.push(this.frame.payloadWriter.length);
    this.payloadIds.push(payload);
    return payload;
  }

  /** The payloads' bytes, in order; views that are valid until the next pass writes. */
  get payloadBytes(): readonly Uint8Array[] {
    const { bytes } = this.frame.payloadWriter;
    return this.payloadEnds.map((end, i) => bytes.subarray(this.payloadEnds[i - 1] ?? 0, end));
  }

  note(verdict: NotedVerdict): void {
    if (this.isQuestion) return;
    const { verdicts } = this.frame;
    const { number, isNew } = verdicts.find(verdict);
    if (isNew || number === 0) this.write(VerdictSeen, { verdict: number, ...verdict });
    if (isNew) verdicts.applySeen(number, verdict);
    this.write(VerdictNoted, { verdict: number });
  }

  private write<T>(kind: FactKind<T>, fact: T): void {
    if (!this.hasEntry) this.begin();
    if (kind.durability === 'before-reply') this.isStrict = true;
    kind.write(this.frame.writer, fact);
  }

  private begin(): void {
    assert(!this.isQuestion, 'a question records nothing');
    const { writer, callers } = this.frame;
    this.hasEntry = true;
    writer.reset();
    this.frame.payloadWriter.reset();
    const { request } = this;
    if (request === undefined) {
      writeEntryHead(writer, { nowMs: this.nowMs, requestId: undefined, caller: 0 });
      return;
    }
    const caller = { principal: nameOf(this.principal), sourceIp: request.sourceIp, userAgent: request.userAgent };
    const { number, isNew } = callers.find(caller);
    writeEntryHead(writer, { nowMs: this.nowMs, requestId: request.requestId, caller: number });
    if (!isNew) return;
    CallerSeen.write(writer, { caller: number, ...caller });
    callers.applySeen(number, caller);
  }
}

export function nameOf(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'service' ? principal.service : principal.arn;
}

const uuidBytes = new Uint8Array(16);

export class TurnView implements Turn {
  constructor(
    private readonly pass: Pass,
    private readonly service: ServiceRuntime,
    readonly scope: Scope,
    readonly principal: Principal,
  ) {}

  get state(): unknown {
    return this.service.state;
  }
  get nowMs(): number {
    return this.pass.nowMs;
  }
  get request(): RequestInfo | undefined {
    return this.pass.request;
  }
  get limits(): Limits {
    return this.pass.frame.limits;
  }
  get digest(): Digest {
    return this.pass.frame.digest;
  }
  get entropy(): Entropy {
    return this.pass.frame.entropy;
  }
  get secret(): Uint8Array {
    return this.pass.frame.secret;
  }
  get doors(): Doors {
    return this.pass.frame.doors;
  }
  get advertisedUrl(): string {
    return this.pass.frame.advertisedUrl;
  }
  get isLastTry(): boolean {
    return this.pass.isLastTry;
  }

  record<T>(kind: FactKind<T>, fact: T): void {
    this.pass.record(kind as unknown as FactKind<unknown>, fact);
  }

  put<Doc>(table: Table<Doc>, key: string, doc: Doc): void {
    this.pass.put(table as unknown as Table<unknown>, key, doc);
  }

  drop<Doc>(table: Table<Doc>, key: string): void {
    this.pass.drop(table as unknown as Table<unknown>, key);
  }

  storePayload(bytes: Uint8Array): PayloadId {
    return this.pass.storePayload(bytes);
  }

  uuid(): string {
    this.entropy.fill(uuidBytes);
    markVersion4(uuidBytes);
    return formatUuid(uuidBytes);
  }

  wake(key: string): void {
    if (!this.pass.wakes.includes(key)) this.pass.wakes.push(key);
  }

  perform(effect: EffectRequest): void {
    this.pass.effects.push({ service: this.service, effect });
  }

  defer(): Ticket {
    return this.pass.frame.nextTicket();
  }

  resolve(ticket: Ticket, reply: { readonly output: unknown } | { readonly refused: AwsError }): void {
    this.pass.resolved.push({ ticket, reply });
  }

  emit(ticket: Ticket, event: object): void {
    this.pass.streamSteps.push({ ticket, emit: event });
  }

  waitFor(ticket: Ticket, wait: StreamWait): void {
    this.pass.streamSteps.push({ ticket, wait });
  }

  endStream(ticket: Ticket, refused?: AwsError): void {
    this.pass.streamSteps.push({ ticket, ended: true, refused });
  }

  authorize(request: AuthorizationRequest): AuthorizationVerdict {
    const verdict = this.pass.frame.evaluate(this, request);
    if (verdict.isAllowed && (verdict.decision !== 'allow' || (request.isHandOver === true && verdict.reason !== ''))) {
      const principal = nameOf(request.principal ?? this.principal);
      const reason = verdict.detail === undefined ? verdict.reason : `${verdict.reason}. ${verdict.detail}`;
      const { action, resource } = request;
      this.pass.note({ decision: verdict.decision, action, resource, principal, reason });
    }
    return verdict;
  }

  within(scope: Scope, principal: Principal): Turn {
    return new TurnView(this.pass, this.service, scope, principal);
  }

  /** How many facts about state the pass has so far. */
  get changes(): number {
    return this.pass.changes;
  }

  /** The reply of a called operation goes to this service's reaction. */
  awaitReply(ticket: Ticket, then: EffectRequest['then']): void {
    this.pass.asked.push({ ticket, service: this.service, then });
  }

  /** The same pass as another service sees it: how a door reaches its own state. */
  as(service: ServiceRuntime): TurnView {
    return new TurnView(this.pass, service, this.scope, this.principal);
  }
}
