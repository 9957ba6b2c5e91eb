// What a service is, to the kernel: tables of operations, facts, timers and reactions. `service.ts` of a room contains
// one such table and nothing else.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { BlobStore } from '#storage/journal.ts';
import type { Table } from '#structures/table.ts';
import type { AuthorizationRequest, Authorizer } from './authorization.ts';
import type { AnswerTaker, Callable } from './callable.ts';
import type { DeliveriesDoor, DeliveryObserver } from './deliveries-door.ts';
import type { CredentialsDoor, EventsDoor, IdentitiesDoor, LogWriter } from './doors.ts';
import type { FactKind } from './fact.ts';
import type { ObjectsDoor } from './objects-door.ts';
import type { PayloadId, Payloads } from './payloads.ts';
import type { PollSource } from './poll-source.ts';
import type { StreamNews } from './reply-streams.ts';
import type { BusesDoor, SchemasDoor } from './schemas-door.ts';
import type { StreamReader, StreamSource } from './stream-source.ts';
import type { Target } from './target.ts';
import type { TimerSetter } from './timers.ts';
import type { Outcome, RequestInfo, Ticket, Turn } from './turn.ts';

export interface ServiceDefinition<S = unknown> {
  /** AWS endpoint prefix: `sqs`, `sns`, `lambda`, `logs`, `iam`, `sts`. */
  readonly name: string;
  createState(): S;
  /** Documents of the control plane. */
  tables(state: S): readonly TableBinding[];
  /** Own fact kinds, for the data plane. */
  readonly facts: readonly FactBinding<S>[];
  /** By the AWS operation's name. Operations of the API that are missing here are refused as not available. */
  readonly operations: Readonly<Record<string, Operation<S>>>;
  /** Fired by name when a timer or a watched key is due. The timer is gone by then; a turn that records nothing may set nothing. */
  readonly timers?: Readonly<Record<string, (turn: Turn<S>, subject: string) => void>>;
  /** Outcomes of effects, by name. */
  readonly reactions?: Readonly<Record<string, (turn: Turn<S>, subject: string, outcome: Outcome) => void>>;
  /** State that is neither tables nor timers, as snapshot sections. Tables and timers are the kernel's. */
  readonly snapshot?: {
    /**
     * Runs in one turn, and everybody waits: what may be large and holds still is lent (`ByteWriter.lend`, `written`) and becomes bytes while
     * the snapshot is written to disk.
     */
    write(state: S, section: (name: string) => ByteWriter, raw: (name: string, bytes: Uint8Array) => void): void;
    read(
      state: S,
      section: (name: string) => ByteReader | undefined,
      raw: (name: string) => Uint8Array | undefined,
      context: ApplyContext,
    ): void;
  };
  /** After replay and before the first command: restarts what the state says is open. */
  resume?(turn: Turn<S>): void;
  /**
   * What other services may ask of this one (plain objects of functions, not class instances). The kernel hands each
   * function a turn that sees this service's state, whoever calls.
   */
  readonly doors?: (state: S) => ServiceDoors;
  /** The service's own shape of a denial; without it AccessDeniedException with status 403. */
  readonly accessDenied?: (reason: string) => AwsError;
}

/** What a room exports: `export const sqs = defineService<SqsState>({ … })`. The state's type ends here. */
export function defineService<S>(definition: ServiceDefinition<S>): ServiceDefinition {
  return definition as unknown as ServiceDefinition;
}

export interface ServiceDoors {
  /** For target ARNs of this service (the service part of the ARN is the service's name). */
  readonly target?: Target;
  /** For source ARNs of this service. */
  readonly source?: PollSource;
  /** For stream ARNs of this service. */
  readonly stream?: StreamSource;
  /** Where records go that this service asked for. */
  readonly streamReader?: StreamReader;
  readonly objects?: ObjectsDoor;
  /** For ARNs of this service that can be asked with an answer. */
  readonly callable?: Callable;
  /** Where answers to this service's questions go. */
  readonly answers?: AnswerTaker;
  /** Told what became of deliveries whose source is this service's. */
  readonly observer?: DeliveryObserver;
  readonly events?: EventsDoor;
  readonly buses?: BusesDoor;
  readonly schemas?: SchemasDoor;
  readonly deliveries?: DeliveriesDoor;
  readonly logs?: LogWriter;
  readonly credentials?: CredentialsDoor;
  readonly identities?: IdentitiesDoor;
  readonly authorizer?: Authorizer;
  /** A port of the runtime that the service was made with; handed on as it is. */
  readonly signer?: NotificationSigner;
}

/**
 * `apply` is total, pure and knows no clock: times are inside the fact. It runs in life and on replay, alike.
 * Derived things (timers, retained payloads, watched keys) are set here, so that replay sets them too.
 */
export interface FactBinding<S> {
  readonly kind: FactKind<never>;
  readonly apply: (state: S, fact: never, context: ApplyContext) => void;
}

export function on<S, T>(kind: FactKind<T>, apply: (state: S, fact: T, context: ApplyContext) => void): FactBinding<S> {
  return { kind: kind as unknown as FactKind<never>, apply: apply as FactBinding<S>['apply'] };
}

export interface TableBinding {
  readonly table: Table<never>;
  /** After a document was put (before: undefined for a new one) or dropped (after: undefined). Part of apply. */
  readonly changed?: (key: string, before: never, after: never, context: ApplyContext) => void;
}

export function bind<Doc>(
  table: Table<Doc>,
  changed?: (key: string, before: Doc | undefined, after: Doc | undefined, context: ApplyContext) => void,
): TableBinding {
  const binding = { table: table as unknown as Table<never> };
  return changed === undefined ? binding : { ...binding, changed: changed as NonNullable<TableBinding['changed']> };
}

export interface ApplyContext {
  /** retain when state starts to refer to a payload, release when it stops. */
  readonly payloads: Pick<Payloads, 'retain' | 'release' | 'lengthOf'>;
  /** This service's timers: a name from `timers` and a subject; one due time per pair. */
  readonly timers: TimerSetter;
  /** `turn.wake(key)` fires the timer (name, subject) of this service in a turn of its own, at once. */
  watch(key: string, name: string, subject: string): void;
  unwatch(key: string, name: string, subject: string): void;
}

export interface Operation<S = unknown, I = never, O = unknown> {
  /** IAM's action and resource. Undefined: the call needs no permission (GetCallerIdentity). */
  readonly authorize:
    | ((turn: Turn<S>, input: I) => AuthorizationRequest | readonly AuthorizationRequest[] | AwsError | undefined)
    | undefined;
  /**
   * Asked, after `authorize`, when only the head of a request is there whose body would be streamed: why the body need not come at all.
   * Records nothing and decides nothing; `authorize` and `decide` see the whole request later.
   */
  readonly admit?: (turn: Turn<S>, input: I) => AwsError | undefined;
  /** I/O that must happen before the decision; its result becomes part of the input that `decide` sees. */
  readonly prepare?: (input: I, io: PrepareIo, request: RequestInfo) => Promise<I | { readonly refused: AwsError }>;
  decide(turn: Turn<S>, input: I): Reply<O>;
  /** Whatever is asked is refused: what is wrong with it, or else that it cannot be done here. It does not count as done. */
  readonly isRefusal?: true;
  /** Goes on with a reply that stays open; only operations that answer `{ streaming }` have it. */
  readonly streamed?: (turn: Turn<S>, ticket: Ticket, news: StreamNews) => void;
}

/** Types an operation file's export: `export const sendMessage = operation<SqsState, SendMessageInput, SendMessageOutput>({...})`. */
export function operation<S, I, O>(definition: Operation<S, I, O>): Operation<S> {
  return definition as unknown as Operation<S>;
}

export interface PrepareIo {
  readonly blobs: BlobStore;
  sha256Base64(bytes: Uint8Array): string;
  /** Why no program on this machine runs a Lambda runtime; undefined when one does. Absent in cells of tests. */
  whyNotRunnable?(runtime: string): Promise<string | undefined>;
  /** Another operation, as the caller itself would call it at this moment: with its permissions, in its scope. Absent in some cells of tests. */
  ask?(
    service: string,
    operation: string,
    input: unknown,
  ): Promise<{ readonly output: unknown } | { readonly refused: AwsError }>;
}

export type Reply<O> =
  | { readonly output: O }
  | { readonly refused: AwsError }
  /** Payload bytes are read after durability, outside the cell; `output` gets them in the same order. */
  | { readonly reads: readonly PayloadId[]; readonly output: (payloads: readonly Uint8Array[]) => O }
  /** Long poll: run again when a key is woken or the time is over (then `turn.isLastTry`). Nothing may have been recorded. */
  | { readonly parked: { readonly wakeKey: string; readonly untilMs: number } }
  | { readonly deferred: Ticket }
  /** An event stream: `output` is its first answer (without the stream's member), events follow through `turn.emit`. */
  | { readonly streaming: Ticket; readonly output: O };
