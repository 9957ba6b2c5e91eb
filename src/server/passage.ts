// One request on its way through the gateway, and the line that tells of it at the end.

import type { Exchange } from '#runtime/http/exchange.ts';
import type { Credential } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';
import type { Identification, Unidentified } from '#wire/identify.ts';
import type { Caller } from './caller.ts';
import type { Headers } from './objects/bucket-cors.ts';
import type { ArrivedForm } from './objects/forms.ts';
import type { OperationMeter } from './request-meter.ts';

export type RequestLog = (line: {
  readonly service: string;
  readonly operation: string;
  readonly scope: Caller['scope'] | undefined;
  readonly requestId: string;
  readonly code: string | undefined;
  readonly status: number;
  readonly ms: number;
}) => void;

/** What is known of it so far. */
export interface Passage {
  /** Of a form, once its fields are there, the PutObject that it stands for. */
  request: WireRequest;
  readonly exchange: Exchange;
  readonly baseUrl: string;
  readonly requestId: string;
  readonly startedMs: number;
  /** What the request says of its signature; a form says it in its fields. */
  credential: Credential | undefined;
  identification: Identification | Unidentified | undefined;
  meter: OperationMeter;
  caller: Caller | undefined;
  /** Headers for the page of another origin that asks. */
  cors: Headers | undefined;
  /** Let in by a bucket's rules, and so for that bucket alone. */
  isBucketOrigin: boolean;
  isAnswered: boolean;
  form: ArrivedForm | undefined;
  /** Holds the body of an upload that nobody has taken over yet. */
  blob: string | undefined;
  /** How often the command was submitted again because what it found was deleted before it could be sent. */
  repetitions: number;
}
