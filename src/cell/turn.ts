// What a service sees while it decides: one pass of the cell over one command. Everything here is synchronous.
//
// `record` is the only way to change anything: it encodes the fact into the turn's journal entry AND applies it to
// memory at once, so later lines of the same turn see it. All facts of a turn are one entry: they survive together or
// not at all. A turn that has recorded facts must not end in a refusal (the kernel asserts it): check first, record then.

import type { Digest } from '#base/digest.ts';
import type { Entropy } from '#base/random.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { Principal } from '#model/principal.ts';
import type { RequestSignature } from '#model/request-signature.ts';
import type { Scope } from '#model/scope.ts';
import type { Table } from '#structures/table.ts';
import type { AuthorizationRequest, AuthorizationVerdict } from './authorization.ts';
import type { Doors } from './doors.ts';
import type { FactKind } from './fact.ts';
import type { Limits } from './limits.ts';
import type { PayloadId } from './payloads.ts';

/** A reply that is given later, by another turn of the same process: an invocation's answer. Not kept over a restart. */
export type Ticket = number & { readonly ticket: unique symbol };

/** What an open stream waits for: with the first of the two, both are over. */
export interface StreamWait {
  readonly wakeKey?: string;
  /** Epoch milliseconds. */
  readonly untilMs?: number;
}

/** About the HTTP request behind a command; undefined in timers, reactions and wake-ups. */
export interface RequestInfo {
  /** UUID; also the `x-amzn-RequestId` of the answer. */
  readonly requestId: string;
  /** `http://127.0.0.1:4566`: scheme and Host header as the client used them; URLs given to it start with this. */
  readonly baseUrl: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly isSecure: boolean;
  /** How it was signed, for services whose policies ask for it. */
  readonly signature?: RequestSignature;
  /** AWS trace header of the request, if it came with one. */
  readonly traceHeader?: string;
}

export interface Turn<S = unknown> {
  /** The deciding service's own state. */
  readonly state: S;
  /** Read once a turn, never goes back within a process, epoch milliseconds. */
  readonly nowMs: number;
  /** Whose resources: from the signature (account of the key, region of the scope). For timers and reactions: set by `within`. */
  readonly scope: Scope;
  readonly principal: Principal;
  readonly request: RequestInfo | undefined;
  readonly limits: Limits;
  readonly digest: Digest;
  readonly entropy: Entropy;
  /** Secret key of the store, 32 bytes: seals handles and tokens (HMAC with a purpose prefix). */
  readonly secret: Uint8Array;
  readonly doors: Doors;
  /** The address under which this process is reached when no request tells: for URLs made by timers. */
  readonly advertisedUrl: string;

  /** Decides one fact: applies it now, journals it with the turn's entry. */
  record<T>(kind: FactKind<T>, fact: T): void;
  /** Writes a document (a generic fact). */
  put<Doc>(table: Table<Doc>, key: string, doc: Doc): void;
  /** Removes a document that exists. */
  drop<Doc>(table: Table<Doc>, key: string): void;
  /**
   * Puts bytes into the turn's entry; facts refer to them by the returned id. The bytes are copied at once. A payload
   * lives while `apply` retains it (ApplyContext.payloads); one that nobody retained by the end of the turn is freed.
   */
  storePayload(bytes: Uint8Array): PayloadId;
  /** Random UUID, version 4. */
  uuid(): string;

  /** After this turn, reruns parked commands that wait for the key, oldest first, until one parks again. */
  wake(key: string): void;
  /** True when this is the last run of a parked command: its time is over, it must answer now. */
  readonly isLastTry: boolean;

  /**
   * Starts work outside the cell once this turn's facts are durable; `then` names the reaction of this service that
   * gets the outcome. Effects are not kept over a restart: the service's `resume` restarts what its state says is open.
   */
  perform(effect: EffectRequest): void;
  /** Makes a ticket for a reply that comes later; return `{ deferred: ticket }`. */
  defer(): Ticket;
  /** Gives a deferred reply, once this turn is durable. Ignored when the client has gone. */
  resolve(ticket: Ticket, reply: { readonly output: unknown } | { readonly refused: AwsError }): void;

  /** Sends an event of a reply that returned `{ streaming: ticket }`, once this turn is durable: one, and the next after the news `taken`. */
  emit(ticket: Ticket, event: object): void;
  /** Says when the operation's `streamed` is to be run again; replaces what was said before. */
  waitFor(ticket: Ticket, wait: StreamWait): void;
  /** Ends a streaming reply behind what was emitted, with an error when there is one to tell. */
  endStream(ticket: Ticket, refused?: AwsError): void;

  /** Asks IAM and the resource's policy. `isAllowed` already respects the mode (explain allows and notes). */
  authorize(request: AuthorizationRequest): AuthorizationVerdict;
  /** The same turn seen by another scope and principal: for timers, reactions and cross-account hand-overs. */
  within(scope: Scope, principal: Principal): Turn<S>;
}

export interface EffectRequest {
  /** Registered by the runtime: `invoke-function`, `http` … */
  readonly performer: string;
  readonly input: unknown;
  /** Read from the journal before the performer starts. */
  readonly payloads?: readonly PayloadId[];
  /** Reaction of the same service, and what it is about (an id). */
  readonly then: { readonly reaction: string; readonly subject: string };
}

/** What a performer brought back. It never rejects on purpose; a rejection becomes `failed`. */
export type Outcome = { readonly result: unknown } | { readonly failed: string };
