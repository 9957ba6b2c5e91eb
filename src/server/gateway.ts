// Every request passes this list, in this order:
//
//   accept → identify → scope → verify → decode → prepare → submit to the cell → (durable) → encode → count
//
// Requests that arrived together go side by side, in three stages: up to verify, to prepare, to the cell (stages.ts).
// Plain callbacks, no promises, except for the few operations that read something before they can decide. Whatever a client sends ends in
// an answer in its own protocol; a defect here is answered with AWS's InternalFailure and told to the operator.

import type { FinalReply } from '#cell/command.ts';
import type { EventSink } from '#cell/reply-streams.ts';
import type { RequestInfo } from '#cell/turn.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { Exchange, IncomingBody } from '#runtime/http/exchange.ts';
import type { TakenForm } from '#runtime/objects/form-body.ts';
import { decode } from '#wire/codec.ts';
import { readCredential } from '#wire/credential.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { type Identification, identify, type Unidentified } from '#wire/identify.ts';
import { readS3Host } from '#wire/s3/address.ts';
import type { WireOperation, WireServices } from '#wire/services.ts';
import { Answers, type AnswersOptions } from './answers.ts';
import type { Authentication } from './authentication.ts';
import type { Caller } from './caller.ts';
import { baseUrlOf, requestInfo } from './client-view.ts';
import type { HostGuard } from './host-guard.ts';
import { askBucket, type RulesOf } from './objects/bucket-cors.ts';
import { ANY_LENGTH, awaitForm, readForm } from './objects/forms.ts';
import { corsHeaders, preflightAnswer } from './page-headers.ts';
import type { Passage } from './passage.ts';
import { hostNotAllowed, internalFailure, operationNotAvailable, originNotAllowed } from './refusals.ts';
import type { OperationMeter, RequestMeter } from './request-meter.ts';
import { Stages } from './stages.ts';

/** What the gateway needs of the cell and its services. */
export interface Backend {
  /** Whether the service has the operation, and what it must read before it can decide. */
  find(service: string, operation: string): { readonly prepare: Prepare | undefined } | undefined;
  submit(command: {
    readonly service: string;
    readonly operation: string;
    readonly input: unknown;
    readonly scope: Caller['scope'];
    readonly principal: Caller['principal'];
    readonly request: RequestInfo;
    readonly onReply: (reply: FinalReply) => void;
    readonly onStream: (output: unknown) => EventSink;
  }): (() => void) | undefined;
}

export type Prepare = (input: unknown, request: RequestInfo, caller: Caller) => Promise<unknown>;

export interface GatewayOptions extends AnswersOptions {
  readonly services: WireServices;
  readonly backend: Backend;
  readonly authentication: Authentication;
  readonly guard: HostGuard;
  readonly meter: RequestMeter;
  readonly requestId: () => string;
  /** Requests under `/_eddy/` and the aliases; true when it took the exchange. */
  readonly admin: (request: WireRequest, exchange: Exchange, baseUrl: string) => boolean;
  /** What is given to anybody without a signature (certificates); true when it took the exchange. */
  readonly unsigned: (request: WireRequest, exchange: Exchange) => boolean;
  readonly trustsProxy: boolean;
  /** CORS rules of a bucket. */
  readonly corsRulesOf: RulesOf;
}

/** What is looked up once for each operation. */
interface KnownOperation {
  readonly meter: OperationMeter;
  readonly found: { readonly prepare: Prepare | undefined } | undefined;
}

interface Preparing {
  readonly input: unknown;
  readonly info: RequestInfo;
  readonly prepare: Prepare | undefined;
}

export class Gateway {
  private readonly known = new Map<WireOperation, KnownOperation>();
  private readonly stages = new Stages();

  private readonly answers: Answers;

  constructor(private readonly options: GatewayOptions) {
    this.answers = new Answers(options);
  }

  /** Handles one request of the HTTP server. */
  readonly handle = (request: WireRequest, exchange: Exchange): void => {
    const { options } = this;
    const baseUrl = baseUrlOf(request, exchange, options.trustsProxy);
    const passage: Passage = {
      request,
      exchange,
      baseUrl,
      requestId: options.requestId(),
      startedMs: options.monotonicMs(),
      credential: undefined,
      identification: undefined,
      meter: options.meter.unidentified,
      caller: undefined,
      cors: undefined,
      isBucketOrigin: false,
      isAnswered: false,
      form: undefined,
      blob: undefined,
      repetitions: 0,
    };
    this.next(passage, () => this.accept(passage));
  };

  private guarded(passage: Passage, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.options.onDefect('a request could not be handled', error);
      this.answers.refuse(passage, internalFailure());
    }
  }

  /** What is done with the request next, when those that arrived with it are as far. */
  private next(passage: Passage, step: () => void): void {
    this.stages.add(passage.request.body.length, () => this.guarded(passage, step));
  }

  private accept(passage: Passage): void {
    const { guard, admin, unsigned } = this.options;
    const { request, exchange, baseUrl } = passage;
    const { origin } = request.headers;
    const host = request.headers['host'] ?? '';
    if (host !== '' && !guard.allowsHost(host)) {
      this.answers.refuse(passage, hostNotAllowed(host));
      return;
    }
    if (origin !== undefined && !this.takeOrigin(passage, origin)) return;
    // In a bucket's own host every path is a key.
    if (!readS3Host(host).isS3) {
      if (request.path.startsWith('/_') && admin(request, exchange, baseUrl)) return;
      if (request.method === 'GET' && unsigned(request, exchange)) return;
    }
    this.identify(passage);
  }

  /** Whether a request that a page makes goes on; a preflight is answered here. */
  private takeOrigin(passage: Passage, origin: string): boolean {
    const { guard, corsRulesOf, services } = this.options;
    const { request, exchange, baseUrl } = passage;
    const isPreflight = request.method === 'OPTIONS';
    const isAllowed = guard.allowsOrigin(origin, baseUrl);
    const bucket = askBucket(request, origin, corsRulesOf);
    passage.cors = bucket?.headers ?? (isAllowed ? corsHeaders(origin) : undefined);
    passage.isBucketOrigin = !isAllowed;
    if (passage.cors === undefined) {
      const service = services.service('s3');
      const refusal = bucket === undefined || !isPreflight ? originNotAllowed() : bucket.refusal;
      if (bucket !== undefined && service !== undefined) {
        passage.identification = { ...refuse(refusal), protocol: 'rest-xml', service };
      }
      this.answers.refuse(passage, refusal);
      return false;
    }
    if (!isPreflight) return true;
    if (bucket?.headers === undefined) exchange.reply(preflightAnswer(request, origin));
    else exchange.reply({ status: 200, headers: bucket.headers, body: '' });
    return false;
  }

  private identify(passage: Passage): void {
    const { services, authentication } = this.options;
    const { request } = passage;
    const reading = readCredential(request);
    const identification = identify(services, request, reading.credential);
    passage.credential = reading.credential;
    passage.identification = identification;
    if (passage.isBucketOrigin && passage.cors !== undefined && identification.service?.prefix !== 's3') {
      passage.cors = undefined;
      this.answers.refuse(passage, originNotAllowed());
      return;
    }
    if ('isPostedForm' in identification) this.awaitForm(passage, identification);
    else this.admit(passage, identification, authentication.callerOf(request, reading, identification));
  }

  /** A form says in its fields what is asked for, and who asks. */
  private awaitForm(passage: Passage, identification: Identification): void {
    awaitForm(passage.request, passage.exchange.incoming, (taken) => {
      if (taken === 'gone') return;
      if (isRefused(taken)) this.answers.refuse(passage, taken.refused);
      else this.next(passage, () => this.takeForm(passage, identification, taken));
    });
  }

  private takeForm(passage: Passage, identification: Identification, taken: TakenForm): void {
    const { request, baseUrl } = passage;
    const { Bucket: bucket = '' } = identification.labels ?? {};
    const form = readForm(taken, { request, bucket, baseUrl });
    if (isRefused(form)) {
      this.answers.refuse(passage, form.refused);
      return;
    }
    const asked = { ...identification, labels: { Bucket: bucket, Key: form.key } };
    passage.form = form;
    passage.request = form.request;
    passage.identification = asked;
    this.admit(passage, asked, this.options.authentication.callerOfForm(form));
  }

  private admit(passage: Passage, identification: Identification | Unidentified, caller: Caller | AwsError): void {
    if ('code' in caller) {
      this.answers.refuse(passage, caller);
      return;
    }
    passage.caller = caller;
    if (isRefused(identification)) {
      this.answers.refuse(passage, identification.refused);
      return;
    }
    const known = this.knownOperation(identification as Identification);
    passage.meter = known.meter;
    if (known.found === undefined) {
      const { service, operation } = identification as Identification;
      this.answers.refuse(passage, operationNotAvailable(service.schema.serviceId, operation.name));
      return;
    }
    const { prepare } = known.found;
    this.next(passage, () => this.decode(passage, identification as Identification, prepare));
  }

  private knownOperation({ service, operation }: Identification): KnownOperation {
    let known = this.known.get(operation);
    if (known === undefined) {
      const { meter, backend } = this.options;
      const { prefix } = service;
      known = { meter: meter.of(prefix, operation.name), found: backend.find(prefix, operation.name) };
      this.known.set(operation, known);
    }
    return known;
  }

  private decode(passage: Passage, identification: Identification, prepare: Prepare | undefined): void {
    const decoded = decode(identification, passage.request);
    if (isRefused(decoded)) {
      this.answers.refuse(passage, decoded.refused);
      return;
    }
    const input = passage.form === undefined ? decoded.input : { ...decoded.input, isPostedForm: true };
    const given = { input, info: requestInfo(passage, this.options.trustsProxy), prepare };
    if (passage.exchange.incoming !== undefined) this.upload(passage, identification, given);
    else this.prepare(passage, identification, given);
  }

  /** The body comes now, and goes into a blob. */
  private upload(passage: Passage, identification: Identification, given: Preparing): void {
    const { request, exchange, form } = passage;
    const { scope, principal, chunkSeed, lengthRange = ANY_LENGTH } = passage.caller as Caller;
    const { service, operation } = identification;
    const { input, info } = given;
    this.options.uploads.take({
      request,
      incoming: form?.file ?? (exchange.incoming as IncomingBody),
      command: { service: service.prefix, operation: operation.name, input, scope, principal, request: info },
      seed: chunkSeed,
      range: form === undefined ? undefined : lengthRange,
      done: (taken) => {
        if (taken === 'gone') return;
        if (isRefused(taken)) {
          this.answers.refuse(passage, form?.file.problem ?? taken.refused);
          return;
        }
        passage.blob = taken.blob;
        this.prepare(passage, identification, { ...given, input: taken.input });
      },
    });
  }

  private prepare(passage: Passage, identification: Identification, { input, info, prepare }: Preparing): void {
    if (prepare === undefined) {
      this.next(passage, () => this.submit(passage, identification, { input, info }));
      return;
    }
    prepare(input, info, passage.caller as Caller).then(
      (prepared) => {
        if (isRefused(prepared)) this.answers.refuse(passage, prepared.refused);
        else this.submit(passage, identification, { input: prepared, info });
      },
      (error: unknown) => {
        this.options.onDefect(`${identification.operation.name} could not be prepared`, error);
        this.answers.refuse(passage, internalFailure());
      },
    );
  }

  private submit(passage: Passage, identification: Identification, given: { input: unknown; info: RequestInfo }): void {
    const { scope, principal } = passage.caller as Caller;
    const abort = this.options.backend.submit({
      service: identification.service.prefix,
      operation: identification.operation.name,
      input: given.input,
      scope,
      principal,
      request: given.info,
      onReply: (reply) =>
        this.answers.reply(passage, identification, reply, () => this.submit(passage, identification, given)),
      onStream: (output) => this.answers.openEvents(passage, identification, output as object),
    });
    if (abort !== undefined) passage.exchange.onAbort(abort);
  }
}
