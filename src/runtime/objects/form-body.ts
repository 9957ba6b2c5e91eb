// A form as it comes: its fields are gathered, its file is handed on as a body of its own, piece by piece. Nothing of the file is taken before
// somebody wants it, and what follows it is looked through for a second file only.

import { joinBytes } from '#base/bytes.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import type { BodyFailure, BodyTaker, IncomingBody } from '#runtime/http/exchange.ts';
import { FormFields } from '#wire/s3/form/form-fields.ts';
import { fieldsTooLong, malformedForm, notOneFile } from '#wire/s3/form/form-refusals.ts';
import { boundaryOf, MultipartReader, type PartTaker, textOf } from '#wire/s3/form/multipart-reader.ts';
import { readPartHead } from '#wire/s3/form/part-head.ts';
import { incompleteBody, missingContentLength, requestTimeout } from '#wire/s3/refusals.ts';

/** AWS: "The form data and boundaries (excluding the contents of the file) cannot exceed 20KB"; its refusal names 20,480 bytes. */
const FIELDS_BYTES_MAX = 20_480;
const NONE = new Uint8Array(0);

export interface TakenForm {
  readonly fields: FormFields;
  readonly file: FormFile;
}

/** The file of a form. Its length is known when it has ended: `announcedBytes` is what it can have at most. */
export interface FormFile extends IncomingBody {
  readonly announcedBytes: number;
  /** What was wrong with the form when the file was failed. */
  readonly problem: AwsError | undefined;
}

/** `gone`: nobody is there to be answered. */
export type FormResult = TakenForm | { readonly refused: AwsError } | 'gone';

/** Calls back once, when the file begins or there is none. */
export function takeForm(incoming: IncomingBody, contentType: string, done: (result: FormResult) => void): void {
  const boundary = boundaryOf(contentType);
  if (incoming.announcedBytes === undefined) done(refuse(missingContentLength()));
  else if (boundary === undefined) done(refuse(malformedForm()));
  else incoming.start(new FormBody(incoming, { boundary, announcedBytes: incoming.announcedBytes, done }));
}

interface FormBodyOptions {
  readonly boundary: string;
  readonly announcedBytes: number;
  readonly done: (result: FormResult) => void;
}

function search(bytes: Uint8Array, wanted: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(wanted);
}

class FormBody implements BodyTaker, PartTaker, FormFile {
  readonly isAbsent = false;
  announcedBytes = 0;
  problem: AwsError | undefined;
  private readonly reader: MultipartReader;
  private readonly fields = new FormFields();
  private place: 'fields' | 'file' | 'behind' = 'fields';
  private field = '';
  private value: Uint8Array = NONE;
  private taker: BodyTaker | undefined;
  /** Of the file, while nobody takes it. */
  private waiting: Uint8Array[] = [];
  private hasRoom = true;
  /** How the file ended, while nobody takes it. */
  private ending: 'end' | BodyFailure | undefined;
  private isOver = false;

  constructor(
    private readonly incoming: IncomingBody,
    private readonly options: FormBodyOptions,
  ) {
    this.reader = new MultipartReader(options.boundary, this, search);
  }

  /** The file is wanted. */
  start(taker: BodyTaker): void {
    this.taker = taker;
    for (const bytes of this.waiting.splice(0)) this.hand(bytes);
    if (this.ending !== undefined) this.tell(this.ending);
    else if (this.hasRoom) this.incoming.resume();
  }

  resume(): void {
    this.hasRoom = true;
    this.incoming.resume();
  }

  take(bytes: Buffer): boolean {
    if (this.isOver) return true;
    this.reader.take(bytes);
    if (this.place === 'fields' && this.reader.position > FIELDS_BYTES_MAX)
      this.refuse(fieldsTooLong(FIELDS_BYTES_MAX));
    else if (this.reader.isMalformed) this.refuse(malformedForm());
    return this.isOver || this.place === 'fields' || (this.taker !== undefined && this.hasRoom);
  }

  end(): void {
    if (this.isOver) return;
    if (!this.reader.isComplete) this.refuse(malformedForm());
    else if (this.place === 'fields') this.refuse(notOneFile(0));
    else this.finish('end');
  }

  fail(how: BodyFailure): void {
    if (this.isOver) return;
    if (this.place !== 'fields') this.finish(how);
    else if (how === 'gone') this.give('gone');
    else this.refuse(how === 'timed-out' ? requestTimeout() : incompleteBody());
  }

  part(head: string, position: number): void {
    if (this.isOver) return;
    const { name, filename } = readPartHead(head);
    if (name === undefined) this.refuse(malformedForm());
    else if (name.toLowerCase() === 'file') this.filePart(filename, position);
    else this.field = name;
  }

  private filePart(filename: string | undefined, position: number): void {
    if (this.place !== 'fields') {
      this.refuse(notOneFile(2));
      return;
    }
    if (position > FIELDS_BYTES_MAX) {
      this.refuse(fieldsTooLong(FIELDS_BYTES_MAX));
      return;
    }
    const { boundary, announcedBytes, done } = this.options;
    const fields = this.fields.withFilename(filename);
    // A long name that stands in a thousand places would be megabytes, which are more than anything that is done with fields expects.
    if (fields.length > FIELDS_BYTES_MAX) {
      this.refuse(fieldsTooLong(FIELDS_BYTES_MAX));
      return;
    }
    this.place = 'file';
    // A delimiter follows it, which begins with a line break and two dashes, and ends with two.
    this.announcedBytes = Math.max(0, announcedBytes - position - Buffer.byteLength(boundary) - 6);
    done({ fields, file: this });
  }

  data(bytes: Uint8Array): void {
    if (this.isOver || this.place === 'behind') return;
    if (this.place === 'fields') this.value = this.value.length === 0 ? bytes : joinBytes([this.value, bytes]);
    else if (this.taker === undefined) this.waiting.push(bytes);
    else this.hand(bytes);
  }

  partEnd(): void {
    if (this.isOver) return;
    if (this.place === 'file') this.place = 'behind';
    if (this.place !== 'fields') return;
    const text = textOf(this.value);
    this.value = NONE;
    if (text === undefined) this.refuse(malformedForm());
    else this.fields.add(this.field, text);
  }

  private hand(bytes: Uint8Array): void {
    this.hasRoom = this.taker?.take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) !== false;
  }

  /** Of the file that is under way, or of the form without one. */
  private refuse(refused: AwsError): void {
    if (this.place === 'fields') {
      this.give({ refused });
      return;
    }
    this.problem = refused;
    this.finish('malformed');
  }

  private give(result: FormResult): void {
    this.isOver = true;
    this.options.done(result);
  }

  private finish(how: 'end' | BodyFailure): void {
    this.isOver = true;
    if (this.taker === undefined) this.ending = how;
    else this.tell(how);
  }

  private tell(how: 'end' | BodyFailure): void {
    if (how === 'end') this.taker?.end();
    else this.taker?.fail(how);
  }
}
