// Where a delivery goes. Implemented by the service that owns the resource (a queue, a function), found by ARN.

import type { Principal } from '#model/principal.ts';
import type { StoredMessage } from '#model/stored-message.ts';
import type { PayloadId } from './payloads.ts';
import type { Turn } from './turn.ts';

/** What is handed over. */
export interface HandOver {
  readonly sourceArn: string;
  readonly targetArn: string;
  /** The service that acts for the source: `{ kind: 'service', service: 'sns.amazonaws.com', sourceArn, account }`. */
  readonly principal: Principal;
  /** The stored bytes, already in the journal: shared between targets. */
  readonly payload: PayloadId;
  readonly content: HandOverContent;
  /** The delivery this is an attempt of; undefined for a first attempt that has not been recorded. */
  readonly deliveryId: number | undefined;
  /** FIFO targets. */
  readonly messageGroupId?: string | undefined;
  readonly messageDeduplicationId?: string | undefined;
  /** What only some kinds of targets ask for. Those that a kind does not know are refused where the target is configured. */
  readonly parameters?: TargetParameters | undefined;
}

/** Plain JSON: recorded with a delivery. */
export interface TargetParameters {
  /** API destinations: values for the wildcards of the path, in order; headers and query added to the request. */
  readonly http?: {
    readonly pathParameterValues?: readonly string[];
    readonly headerParameters?: Readonly<Record<string, string>>;
    readonly queryStringParameters?: Readonly<Record<string, string>>;
  };
  /** A bus: the content is the detail of a new event. Without it the content is a whole event, which keeps its id and time. */
  readonly bus?: {
    readonly source: string;
    readonly detailType: string;
    readonly resources?: readonly string[];
    readonly timeMs?: number;
  };
  /** A log group: the stream to write to; one of the service's naming without it. */
  readonly logs?: { readonly stream?: string; readonly timestampMs?: number };
  /** Stands for the attempt's number (the first one is 1) wherever it is in the text of an event. */
  readonly attemptPlaceholder?: string;
  /** A stream: decides the shard. */
  readonly partitionKey?: string;
  /** The text of an event is base64 of what is handed over: for streams and delivery streams, whose records are bytes. */
  readonly isBase64?: boolean;
}

export type HandOverContent =
  /**
   * The payload is an encoded StoredMessage. `subscriptionArn` asks for SNS's form of it, rendered when it is given out
   * (`#model/notification-envelope.ts`: a queue shows `renderEnvelope`, a function gets `renderLambdaEvent`); without it
   * the message is delivered raw.
   */
  | { readonly kind: 'message'; readonly message: StoredMessage; readonly subscriptionArn?: string }
  /**
   * The payload is this text in UTF-8: an event as JSON, or what was made of one. Every target takes it in its way: a queue
   * and a topic as the message's body, a function as its event, a log group as a line, a bus as an event.
   */
  | { readonly kind: 'event'; readonly text: string };

export type HandOverResult =
  /** Done, in this turn. The id that the target gave it, if it gives ids. */
  | { readonly accepted: true; readonly targetMessageId?: string; readonly note?: string }
  /** Work is under way; the target calls `deliveries.ended` in a later turn. Only for hand-overs that have a deliveryId. */
  | { readonly attempting: true }
  /** The target needs a recorded delivery first: call again with a deliveryId. */
  | { readonly needsDelivery: true }
  | { readonly failure: DeliveryFailure };

export interface DeliveryFailure {
  /** Short code for people and dead-letter attributes: `AccessDenied`, `QueueDoesNotExist`. */
  readonly code: string;
  readonly detail: string;
  readonly isRetryable: boolean;
  /** The target asked for this much patience: the next attempt is not made before. */
  readonly retryAfterMs?: number;
}

export interface Target {
  accept(turn: Turn, handOver: HandOver): HandOverResult;
  /**
   * What would keep any hand-over away, whatever it holds: the resource is missing, or its policy does not let the principal in. For who wants
   * to know when a target is configured (S3). Records nothing. Targets that are not asked in that way leave it out.
   */
  problem?(turn: Turn, asked: Pick<HandOver, 'targetArn' | 'sourceArn' | 'principal'>): TargetProblem | undefined;
}

export interface TargetProblem {
  readonly reason: 'missing' | 'denied' | 'not-fitting';
  readonly detail: string;
}
