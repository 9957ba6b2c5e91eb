// What services may ask of each other, as contracts that neither side owns. A service never imports another service:
// the one that can do it declares a door in its definition, the one that needs it finds it on the turn.

import type { AwsError } from '#model/aws-error.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import type { AnswerTaker, Callable } from './callable.ts';
import type { DeliveriesDoor, DeliveryObserver } from './deliveries-door.ts';
import type { LogDelivery } from './log-delivery.ts';
import type { ObjectsDoor } from './objects-door.ts';
import type { PollSource } from './poll-source.ts';
import type { BusesDoor, SchemasDoor } from './schemas-door.ts';
import type { StreamReader, StreamSource } from './stream-source.ts';
import type { Target } from './target.ts';
import type { Turn } from './turn.ts';

export interface Doors {
  /** Hands payloads over, with retries and dead letters. */
  readonly deliveries: DeliveriesDoor;
  /** By the service part of the target's ARN: `sqs`, `lambda`. Functions of a door get a turn of the owning service. */
  readonly targets: ReadonlyMap<string, Target>;
  /** By the service part of the source's ARN: what a poller can read from. */
  readonly sources: ReadonlyMap<string, PollSource>;
  /** By the service part of the source's ARN: streams that can be read. */
  readonly streams: ReadonlyMap<string, StreamSource>;
  /** By the reading service's name: where what was read goes. */
  readonly streamReaders: ReadonlyMap<string, StreamReader>;
  readonly objects: ObjectsDoor | undefined;
  /** By the service part of the ARN: what can be asked, with an answer. */
  readonly callables: ReadonlyMap<string, Callable>;
  /** By the asking service's name: where answers go. */
  readonly answers: ReadonlyMap<string, AnswerTaker>;
  /** By the service part of the source's ARN: who wants to know what became of its deliveries. */
  readonly observers: ReadonlyMap<string, DeliveryObserver>;
  readonly events: EventsDoor | undefined;
  /** The kernel's own: runs an operation of any service as a client's call would be run. */
  readonly operations: OperationsDoor;
  readonly buses: BusesDoor | undefined;
  readonly schemas: SchemasDoor | undefined;
  readonly logs: LogWriter | undefined;
  readonly credentials: CredentialsDoor | undefined;
  readonly identities: IdentitiesDoor | undefined;
  /** Signs notifications when they are rendered; without it they are rendered unsigned (tests). */
  readonly signer?: NotificationSigner;
}

/** Implemented by services/events: events of our own services, as AWS's services put them on the default bus of their account. */
export interface EventsDoor {
  emit(turn: Turn, event: ServiceEvent): void;
}

export interface ServiceEvent {
  readonly scope: Scope;
  /** `aws.s3` */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  /** JSON text of an object. */
  readonly detail: string;
}

/** Implemented by the kernel: a service calls an operation of another one, within its own turn. */
export interface OperationsDoor {
  /** `unprepared`: it reads something before it is decided, which a turn cannot wait for. Undefined: no such operation here. */
  find(service: string, operation: string): 'callable' | 'unprepared' | undefined;
  /** In the turn's scope and as its principal: permissions are asked first. What it decides is part of the turn's entry. */
  call(turn: Turn, request: OperationCall): OperationResult;
}

export interface OperationCall {
  /** Of an operation that `find` calls callable. */
  readonly service: string;
  readonly operation: string;
  /** As the service's schema has it, of the right types; values are the operation's to check. */
  readonly input: unknown;
  /** Reaction of the calling service that gets the answer when it comes later, and what it is about. */
  readonly then: { readonly reaction: string; readonly subject: string };
}

export type OperationResult =
  /** `output`: where it is known in the turn already, without bytes of payloads. */
  | { readonly succeeded: true; readonly output?: unknown }
  /** Nothing was decided. */
  | { readonly refused: AwsError }
  /** The reaction gets `{ output }` or `{ refused }` as the outcome's result. Not kept over a restart. */
  | { readonly isAnsweredLater: true };

/** Implemented by services/logs: what services write themselves, functions' output and logs of their resources. */
export interface LogWriter {
  /** Appends events, creating group and stream as the Lambda service does. Timestamps in epoch milliseconds. */
  append(turn: Turn, entry: LogAppend): void;
  /** Whether a delivery for any log of this resource was set up (PutDeliverySource, CreateDelivery): one look-up. */
  hasVendedDelivery(turn: Turn, resourceArn: string): boolean;
  /** A resource's own log: each line goes to where the deliveries for its type lead. Nobody waits for it, and it may lead nowhere. */
  appendVended(turn: Turn, log: VendedLog): void;
  /** Lets CloudWatch Logs' delivery service write there, as far as the caller may do that, or says where it cannot: then nothing was recorded. One of a kind. */
  prepareDeliveries<D extends LogDelivery>(
    turn: Turn,
    deliveries: readonly D[],
  ): { readonly delivery: D; readonly refused: AwsError } | undefined;
  /** Lines that nobody waits for. What the destination does not take is dropped. */
  deliver(turn: Turn, delivery: LogDelivery, lines: readonly string[]): void;
}

export interface VendedLog {
  readonly resourceArn: string;
  readonly stream: string;
  readonly events: readonly {
    /** `ERROR_LOGS` */
    readonly logType: string;
    readonly timestampMs: number;
    readonly message: string;
  }[];
}

export interface LogAppend {
  readonly scope: Scope;
  readonly group: string;
  readonly stream: string;
  readonly events: readonly { readonly timestampMs: number; readonly message: string }[];
  /** In whose name: without permission nothing is written. Without it the service writes itself. */
  readonly principal?: Principal;
}

/** Implemented by services/iam: what STS must know of a role to hand out its credentials. */
export interface IdentitiesDoor {
  findRole(turn: Turn, roleArn: string): RoleIdentity | undefined;
  /** The default version of a managed policy, AWS's or an account's. */
  findPolicyText(turn: Turn, policyArn: string): string | undefined;
  /** Whose a user's access key is. */
  findKeyAccount(turn: Turn, accessKeyId: string): string | undefined;
}

export interface RoleIdentity {
  readonly arn: string;
  readonly account: string;
  readonly roleName: string;
  /** AROA… */
  readonly roleId: string;
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
}

/** Implemented by services/sts: credentials for a role that a service assumes. */
export interface CredentialsDoor {
  /** Temporary credentials of a role's session; undefined when the role does not exist or does not trust the service. */
  forRole(
    turn: Turn,
    request: { readonly roleArn: string; readonly sessionName: string; readonly service: string },
  ):
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken: string;
        readonly expiresAtMs: number;
      }
    | undefined;
  /** Why AWS would refuse the assumption (missing role, trust policy), or undefined when it would allow. */
  whyNotAssumable(turn: Turn, request: { readonly roleArn: string; readonly service: string }): string | undefined;
}
