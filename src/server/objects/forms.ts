// Forms that browsers post: the fields are read first, as they come; then it is known who posts what, and the file's bytes go on to where
// all uploads go.

import { type AwsError, isRefused } from '#model/aws-error.ts';
import type { BodyFailure, BodyTaker, IncomingBody } from '#runtime/http/exchange.ts';
import type { WireRequest } from '#wire/http-message.ts';
import type { FormPlan } from '#wire/s3/body-plan.ts';
import { boundaryOf, type FormHead, readFormHead } from '#wire/s3/form-head.ts';
import { checkPostPolicy } from '#wire/s3/post-policy.ts';
import { keyOf, type Posted, putRequestOf } from '#wire/s3/post-request.ts';
import { incompleteBody, malformedForm, requestTimeout } from '#wire/s3/refusals.ts';
import type { RequestSignature } from '#wire/s3/signature-view.ts';
import type { Caller } from '../caller.ts';

export interface FormCaller {
  readonly caller: Caller;
  readonly signature: RequestSignature | undefined;
}

export interface ReadFormOptions {
  readonly request: WireRequest;
  readonly incoming: IncomingBody;
  readonly baseUrl: string;
  readonly bucket: string;
  readonly nowMs: number;
  readonly callerOf: (fields: ReadonlyMap<string, string>) => FormCaller | AwsError;
  readonly done: (form: Form | { readonly refused: AwsError } | 'gone') => void;
}

/** An upload like any other. */
export interface Form extends FormCaller, Posted {
  readonly request: WireRequest;
  readonly incoming: IncomingBody;
  readonly plan: FormPlan;
}

export function readForm(options: ReadFormOptions): void {
  const boundary = boundaryOf(options.request.headers['content-type']);
  if (boundary === undefined) options.done({ refused: malformedForm() });
  else options.incoming.start(new FormReader(options, boundary));
}

class FormReader implements BodyTaker, IncomingBody {
  readonly isAbsent = false;
  /** Read, but not taken yet. */
  private waiting: Buffer = Buffer.alloc(0);
  private isRead = false;
  private isEnded = false;
  private failure: BodyFailure | undefined;
  private isHeld = false;
  private taker: BodyTaker | undefined;
  private hasRoom = true;

  constructor(
    private readonly options: ReadFormOptions,
    private readonly boundary: string,
  ) {}

  get announcedBytes(): number | undefined {
    return this.options.incoming.announcedBytes;
  }

  take(bytes: Buffer): boolean {
    if (this.taker !== undefined) return this.taker.take(bytes);
    this.waiting = Buffer.concat([this.waiting, bytes]);
    if (this.isRead) return false;
    this.read();
    if (this.taker !== undefined) return this.hasRoom;
    this.isHeld = this.isRead;
    return !this.isRead;
  }

  end(): void {
    this.isEnded = true;
    if (this.taker !== undefined) this.taker.end();
    else if (!this.isRead) this.read();
  }

  fail(how: BodyFailure): void {
    this.failure = how;
    if (this.taker !== undefined) this.taker.fail(how);
    else if (!this.isRead) {
      this.isRead = true;
      this.options.done(
        how === 'gone' ? 'gone' : { refused: how === 'timed-out' ? requestTimeout() : incompleteBody() },
      );
    }
  }

  start(taker: BodyTaker): void {
    this.taker = taker;
    const rest = this.waiting;
    this.waiting = Buffer.alloc(0);
    this.hasRoom = rest.length === 0 || taker.take(rest);
    if (this.failure !== undefined) taker.fail(this.failure);
    else if (this.isEnded) taker.end();
    else if (this.isHeld && this.hasRoom) this.resume();
  }

  resume(): void {
    this.isHeld = false;
    this.options.incoming.resume();
  }

  private read(): void {
    const head = readFormHead(this.waiting, this.boundary, this.isEnded);
    if (head === 'more') return;
    this.isRead = true;
    if ('code' in head) {
      this.options.done({ refused: head });
      return;
    }
    this.waiting = this.waiting.subarray(head.bytes);
    const form = this.formOf(head);
    this.options.done('code' in form ? { refused: form } : form);
  }

  private formOf(head: FormHead): Form | AwsError {
    const { request, bucket, nowMs, baseUrl, callerOf } = this.options;
    const key = keyOf(head);
    if (typeof key !== 'string') return key;
    const fields = new Map([...head.fields, ['key', key] as const]);
    const caller = callerOf(fields);
    if ('code' in caller) return caller;
    const policy = fields.get('policy');
    const checked = policy === undefined ? { range: undefined } : checkPostPolicy(policy, { fields, bucket, nowMs });
    if ('code' in checked) return checked;
    const put = putRequestOf(request, fields);
    if (isRefused(put)) return put.refused;
    const bucketUrl = request.path === '/' ? baseUrl : `${baseUrl}/${bucket}`;
    const plan = { boundary: this.boundary, range: checked.range };
    return { ...caller, request: put, incoming: this, plan, fields, bucket, key, bucketUrl };
  }
}
