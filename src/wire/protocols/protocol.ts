// What a protocol does: it reads an operation's input from a request, and writes the output or an error as a response.

import type { Refused } from '#model/aws-error.ts';
import type { ErrorShape } from '../error-shapes.ts';
import type { WireRequest, WireResponse } from '../http-message.ts';
import type { Identification } from '../identify.ts';
import type { MemberSchema } from '../schema.ts';
import type { WireOperation, WireService } from '../services.ts';

export interface DecodedInput {
  readonly input: Record<string, unknown>;
}

export interface ProtocolCodec {
  /** Never throws, whatever the request holds. */
  decode(identification: Identification, request: WireRequest): DecodedInput | Refused;
  encodeOutput(identification: Identification, output: object, requestId: string): WireResponse;
  encodeError(shape: ErrorShape, service: WireService | undefined, requestId: string): WireResponse;
}

/** Kept on the operation, so that the hot path makes no object for it. */
const targets = new WeakMap<WireOperation, { readonly input: MemberSchema; readonly output: MemberSchema }>();

export function inputOf(operation: WireOperation): MemberSchema {
  return targetsOf(operation).input;
}

export function outputOf(operation: WireOperation): MemberSchema {
  return targetsOf(operation).output;
}

function targetsOf(operation: WireOperation): { readonly input: MemberSchema; readonly output: MemberSchema } {
  let found = targets.get(operation);
  if (found === undefined) {
    found = { input: { target: operation.schema.input }, output: { target: operation.schema.output } };
    targets.set(operation, found);
  }
  return found;
}
