// The front of the protocols: one call reads any identified request, one writes any reply, one any error. The gateway uses nothing else.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { errorShape } from './error-shapes.ts';
import { speaksEvents } from './event-output.ts';
import type { WireRequest, WireResponse } from './http-message.ts';
import type { Identification, Unidentified } from './identify.ts';
import { cborProtocol } from './protocols/cbor.ts';
import { jsonProtocol } from './protocols/json.ts';
import type { ProtocolCodec } from './protocols/protocol.ts';
import { queryProtocol } from './protocols/query.ts';
import { restJsonProtocol } from './protocols/rest-json.ts';
import { restXmlProtocol } from './protocols/rest-xml.ts';
import { targetCborProtocol } from './protocols/target-cbor.ts';
import { eventStreamNotAvailable } from './refusals.ts';
import type { Protocol } from './schema.ts';
import type { WireService } from './services.ts';

const CODECS: Readonly<Record<Protocol, ProtocolCodec>> = {
  'json-1.0': jsonProtocol('json-1.0'),
  'json-1.1': jsonProtocol('json-1.1'),
  query: queryProtocol,
  'rest-json': restJsonProtocol,
  'rest-xml': restXmlProtocol,
  'rpc-v2-cbor': cborProtocol,
  'cbor-1.1': targetCborProtocol,
};

/** An operation's name and its input, checked against the shape: known members, right types, nothing about values. */
export interface Decoded {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export function decode(identification: Identification, request: WireRequest): Decoded | Refused {
  const { operation, protocol } = identification;
  if (operation.schema.eventStream !== undefined && !speaksEvents(protocol)) {
    return refuse(eventStreamNotAvailable(operation.name));
  }
  const decoded = CODECS[protocol].decode(identification, request);
  return 'refused' in decoded ? decoded : { operation: operation.name, input: decoded.input };
}

export function encodeOutput(identification: Identification, output: object, requestId: string): WireResponse {
  return CODECS[identification.protocol].encodeOutput(identification, output, requestId);
}

/** `caller` is an identification, or what `identify` gave for want of one: enough to answer in the caller's protocol. */
export function encodeError(
  caller: Identification | Unidentified | { readonly protocol: Protocol; readonly service?: WireService },
  error: AwsError,
  requestId: string,
): WireResponse {
  const { protocol, service } = caller;
  return CODECS[protocol].encodeError(errorShape(error, protocol, service), service, requestId);
}
