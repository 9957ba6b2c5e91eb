// An output that is a stream of events, as the protocols with one document a message write it: first a message `initial-response` with the
// output's other members, then one message for each event, its payload a document of the member of the union that it is. An error that ends the
// stream is a message as well. Source: Smithy specification, "Event streams", "RPC-based protocols".

import { assert } from '#base/assert.ts';
import type { AwsError } from '#model/aws-error.ts';
import { encodeCbor } from './cbor.ts';
import { errorBody, errorShape } from './error-shapes.ts';
import { type Crc32, encodeMessage, eventHeaders, exceptionHeaders } from './event-stream.ts';
import type { WireResponse } from './http-message.ts';
import type { Identification } from './identify.ts';
import { millisecondCborEncoder } from './protocols/cbor-values.ts';
import { jsonEncoder } from './protocols/json-values.ts';
import type { MemberSchema, Protocol, StructureSchema } from './schema.ts';
import { memberOf, type WireService } from './services.ts';
import { isWrittenOutput, type WrittenOutput } from './written-output.ts';

export interface EventOutput {
  readonly head: Pick<WireResponse, 'status' | 'headers'>;
  /** The first message: the output's members besides the stream. */
  initial(output: object): Uint8Array;
  /** `{ NameOfTheEvent: { … } }` */
  event(event: object): Uint8Array;
  error(error: AwsError): Uint8Array;
}

type DocumentEncoder = (service: WireService, member: MemberSchema, value: unknown) => Uint8Array;

interface DocumentForm {
  readonly contentType: string;
  readonly encode: DocumentEncoder;
  readonly plain: (value: unknown) => Uint8Array;
  readonly written: (value: WrittenOutput) => Uint8Array;
}

const text = new TextEncoder();
const plainJson = (value: unknown): Uint8Array => text.encode(JSON.stringify(value));

const json: DocumentForm['encode'] = (service, member, value) =>
  plainJson(jsonEncoder(service, member)?.(value) ?? value);

const writtenJson = (value: WrittenOutput): Uint8Array => value.writeJson();

const FORMS: Readonly<Partial<Record<Protocol, DocumentForm>>> = {
  'json-1.0': { contentType: 'application/x-amz-json-1.0', encode: json, plain: plainJson, written: writtenJson },
  'json-1.1': { contentType: 'application/x-amz-json-1.1', encode: json, plain: plainJson, written: writtenJson },
  'cbor-1.1': {
    contentType: 'application/x-amz-cbor-1.1',
    encode: (service, member, value) => encodeCbor(millisecondCborEncoder(service, member)?.(value) ?? value),
    plain: encodeCbor,
    written: (value) => value.writeCbor(),
  },
};

export function speaksEvents(protocol: Protocol): boolean {
  return FORMS[protocol] !== undefined;
}

/** How one caller's stream is written. The operation has a stream, and `speaksEvents` is true of the protocol. */
export function eventOutput(caller: Identification, requestId: string, crc32: Crc32): EventOutput {
  const { service, operation, protocol } = caller;
  const form = FORMS[protocol];
  const { eventStream, output: outputShape } = operation.schema;
  assert(form !== undefined && eventStream !== undefined, `${operation.name} sends events in ${protocol}`);
  const events = unionOf(service, outputShape, eventStream);
  const message = (name: string, payload: Uint8Array): Uint8Array =>
    encodeMessage(eventHeaders(name, form.contentType), payload, crc32);
  const headers = [
    ['x-amzn-RequestId', requestId],
    ['Content-Type', 'application/vnd.amazon.eventstream'],
  ] as const;
  return {
    head: { status: 200, headers },
    initial: (output) => message('initial-response', form.encode(service, { target: outputShape }, output)),
    event(event) {
      const [name, value] = Object.entries(event)[0] as [string, unknown];
      const member = events.members[name];
      assert(member !== undefined, `${name} is an event of ${operation.name}`);
      const isWritten = typeof value === 'object' && value !== null && isWrittenOutput(value);
      return message(name, isWritten ? form.written(value) : form.encode(service, memberOf(member), value));
    },
    error(error) {
      const shape = errorShape(error, protocol, service);
      if (!Object.hasOwn(events.members, shape.name)) return encodeMessage(unmodelled(shape), new Uint8Array(), crc32);
      return encodeMessage(
        exceptionHeaders(shape.name, form.contentType),
        form.plain(errorBody(shape, undefined)),
        crc32,
      );
    },
  };
}

function unionOf(service: WireService, outputShape: string, member: string): StructureSchema {
  const output = service.shape(outputShape) as StructureSchema;
  return service.shape(memberOf(output.members[member] as MemberSchema).target) as StructureSchema;
}

/** An error that the union does not name travels in headers alone. */
function unmodelled({ name, message }: { readonly name: string; readonly message: string }): Record<string, string> {
  return { ':message-type': 'error', ':error-code': name, ':error-message': message };
}
