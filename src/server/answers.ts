// The way out: what the cell decided becomes an answer in the client's own protocol, is sent with what a page of another origin needs, counted
// and logged. Each request is answered once.

import type { FinalReply } from '#cell/command.ts';
import type { BlobBody } from '#cell/objects-door.ts';
import type { EventSink } from '#cell/reply-streams.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { blobBodyOf, sendBlobs } from '#runtime/objects/send-blobs.ts';
import type { BlobStore } from '#storage/journal.ts';
import { encodeError, encodeOutput } from '#wire/codec.ts';
import type { WireResponse } from '#wire/http-message.ts';
import type { Identification } from '#wire/identify.ts';
import { EventReply } from './event-reply.ts';
import { answerForm } from './objects/forms.ts';
import type { Uploads } from './objects/uploads.ts';
import { withCors } from './page-headers.ts';
import type { Passage, RequestLog } from './passage.ts';
import { replyWith } from './piece-reply.ts';
import { internalFailure } from './refusals.ts';

export interface AnswersOptions {
  /** Where bodies of requests went, and bodies of answers come from. */
  readonly uploads: Uploads;
  readonly blobs: BlobStore;
  readonly monotonicMs: () => number;
  readonly log: RequestLog | undefined;
  readonly onDefect: (what: string, error: unknown) => void;
}

interface BlobReply {
  readonly response: WireResponse;
  readonly body: BlobBody;
  readonly again: () => void;
}

/** An object that is replaced that often between a decision and the opening of a file is not met in life. */
const REPETITIONS_MAX = 5;
const UNIDENTIFIED = { protocol: 'query' } as const;

export class Answers {
  constructor(private readonly options: AnswersOptions) {}

  /** `again` submits the command once more. */
  reply(passage: Passage, identification: Identification, reply: FinalReply, again: () => void): void {
    if (isRefused(reply)) {
      this.refuse(passage, reply.refused);
      return;
    }
    passage.blob = undefined;
    let response: WireResponse;
    try {
      response = encodeOutput(identification, reply.output as object, passage.requestId);
      if (passage.form !== undefined) response = answerForm(passage.form, response);
    } catch (error) {
      this.options.onDefect(`the output of ${identification.operation.name} could not be encoded`, error);
      this.refuse(passage, internalFailure());
      return;
    }
    const body = blobBodyOf(reply.output);
    if (body === undefined) this.send(passage, response, undefined);
    else this.sendBlobs(passage, { response, body, again });
  }

  /** The body is streamed from blobs. One that was deleted since the decision makes the decision void. */
  private sendBlobs(passage: Passage, { response, body, again }: BlobReply): void {
    const { exchange, cors } = passage;
    const { blobs, onDefect } = this.options;
    const { status, headers } = withCors(response, cors);
    passage.isAnswered = true;
    sendBlobs({
      exchange,
      blobs,
      body,
      head: { status, headers },
      onSent: () => this.count(passage, status, undefined),
      onDefect,
    }).then(
      (isSent) => {
        if (isSent) return;
        passage.isAnswered = false;
        passage.repetitions += 1;
        if (passage.repetitions <= REPETITIONS_MAX) again();
        else this.refuse(passage, internalFailure());
      },
      (error: unknown) => {
        passage.isAnswered = false;
        onDefect('an object could not be read', error);
        this.refuse(passage, internalFailure());
      },
    );
  }

  /** The reply is counted when it begins. */
  openEvents(passage: Passage, caller: Identification, initial: object): EventSink {
    const { exchange, requestId, cors: headers = [] } = passage;
    const { onDefect } = this.options;
    passage.isAnswered = true;
    const reply = new EventReply({ exchange, caller, requestId, initial, headers, onDefect });
    this.count(passage, 200, undefined);
    return reply;
  }

  refuse(passage: Passage, error: AwsError): void {
    if (passage.blob !== undefined) this.options.uploads.drop(passage.blob);
    passage.blob = undefined;
    const response = encodeError(passage.identification ?? UNIDENTIFIED, error, passage.requestId);
    this.send(passage, response, error.code);
  }

  private send(passage: Passage, response: WireResponse, code: string | undefined): void {
    const { exchange, cors } = passage;
    if (passage.isAnswered) return;
    passage.isAnswered = true;
    replyWith(exchange, withCors(response, cors), this.onBrokenAnswer);
    this.count(passage, response.status, code);
  }

  private readonly onBrokenAnswer = (error: unknown): void => {
    this.options.onDefect('an answer could not be written to its end', error);
  };

  private count(passage: Passage, status: number, code: string | undefined): void {
    const { meter } = passage;
    const ms = this.options.monotonicMs() - passage.startedMs;
    meter.note(code, ms);
    const { log } = this.options;
    if (log === undefined) return;
    const { service, operation } = meter;
    log({
      service,
      operation,
      scope: passage.caller?.scope,
      requestId: passage.requestId,
      code,
      status,
      ms,
    });
  }
}
