// The one place that knows how errors differ between protocols and services. A service refuses with an AwsError under one name; here it
// gets the name, status and form that the caller's protocol and service give it at AWS.
//
// JSON 1.0 names the shape with its namespace, JSON 1.1 without; both use another name than the query protocol for errors of AWS's
// front end, which no service models (FRONT_END). Modelled errors have their query code in the service's table.

import type { AwsError } from '#model/aws-error.ts';
import type { ErrorSchema, Protocol } from './schema.ts';
import { memberOf, type WireService } from './services.ts';
import { escapeXml } from './xml-text.ts';

/** What every protocol needs to write an error. */
export interface ErrorShape {
  /** The shape's name without namespace. */
  readonly name: string;
  /** With namespace, where a protocol wants one. */
  readonly qualifiedName: string;
  readonly queryCode: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  readonly message: string;
  /** How the message's member is called: `message`, or `Message` in some shapes. */
  readonly messageMember: string;
  /** Further members of the body. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Members that travel in the head (`Retry-After`). */
  readonly headers: readonly (readonly [string, string])[];
}

interface FrontEndError {
  readonly queryCode: string;
  readonly name: string;
  /** JSON services answer errors of authentication with 400, the others with 403. */
  readonly jsonStatus?: number;
  readonly messageMember?: 'Message';
}

// Source: the common errors of the SQS, IAM and Kinesis API references, and replies of both kinds recorded against AWS.
const FRONT_END: readonly FrontEndError[] = [
  { queryCode: 'AccessDenied', name: 'AccessDeniedException', messageMember: 'Message' },
  { queryCode: 'ExpiredToken', name: 'ExpiredTokenException', jsonStatus: 400 },
  { queryCode: 'IncompleteSignature', name: 'IncompleteSignatureException', jsonStatus: 400 },
  { queryCode: 'InternalFailure', name: 'InternalFailure' },
  { queryCode: 'InvalidAction', name: 'UnknownOperationException' },
  { queryCode: 'InvalidClientTokenId', name: 'UnrecognizedClientException', jsonStatus: 400 },
  { queryCode: 'InvalidParameterValue', name: 'InvalidParameterValueException' },
  { queryCode: 'MalformedInput', name: 'SerializationException', messageMember: 'Message' },
  { queryCode: 'MissingAuthenticationToken', name: 'MissingAuthenticationTokenException', jsonStatus: 400 },
  { queryCode: 'MissingParameter', name: 'MissingRequiredParameterException' },
  { queryCode: 'RequestEntityTooLarge', name: 'RequestEntityTooLargeException' },
  { queryCode: 'ServiceUnavailable', name: 'ServiceUnavailableException' },
  { queryCode: 'SignatureDoesNotMatch', name: 'InvalidSignatureException', jsonStatus: 400 },
  { queryCode: 'Throttling', name: 'ThrottlingException' },
  { queryCode: 'ValidationError', name: 'ValidationException' },
];
const FRONT_END_BY_NAME = new Map(
  FRONT_END.flatMap((error) => [[error.name, error] as const, [error.queryCode, error] as const]),
);
const FRONT_END_NAMESPACE = 'com.amazon.coral.service';

/** Errors of the front end that a service answers under a name of its own. */
const OWN_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: { InternalFailure: 'InternalError' },
  sns: { AccessDenied: 'AuthorizationErrorException', AccessDeniedException: 'AuthorizationErrorException' },
};

/** Texts that differ between the protocols. Source: SQS queue-does-not-exist replies, botocore pull request 3054 and later. */
const QUERY_TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sqs: { 'The specified queue does not exist.': 'The specified queue does not exist for this wsdl version.' },
};

export function errorShape(error: AwsError, protocol: Protocol, service: WireService | undefined): ErrorShape {
  const code = ownName(service, error.code);
  const modelled = service === undefined ? undefined : findModelled(service, code, error.queryCode);
  if (modelled !== undefined && service !== undefined) return modelledShape(error, { ...modelled, service, protocol });
  const known = FRONT_END_BY_NAME.get(code);
  const name = known?.name ?? code;
  const isPlainJson =
    (protocol.startsWith('json') || protocol === 'cbor-1.1') && service?.schema.isQueryCompatible !== true;
  return {
    name,
    qualifiedName: protocol === 'json-1.0' || protocol === 'rpc-v2-cbor' ? `${FRONT_END_NAMESPACE}#${name}` : name,
    queryCode: error.queryCode ?? known?.queryCode ?? code,
    status: isPlainJson ? (known?.jsonStatus ?? error.status) : error.status,
    fault: error.fault,
    message: error.message,
    messageMember: known?.messageMember ?? 'message',
    members: error.members ?? {},
    headers: Object.entries(error.headers ?? {}),
  };
}

function ownName(service: WireService | undefined, code: string): string {
  const names = service === undefined ? undefined : OWN_NAMES[service.prefix];
  return names !== undefined && Object.hasOwn(names, code) ? names[code]! : code;
}

interface Modelled {
  readonly name: string;
  readonly schema: ErrorSchema;
}

function findModelled(service: WireService, code: string, queryCode: string | undefined): Modelled | undefined {
  const { errors } = service.schema;
  if (Object.hasOwn(errors, code)) return { name: code, schema: errors[code]! };
  const wanted = queryCode ?? code;
  const found = Object.entries(errors).find(([, schema]) => schema.queryCode === wanted);
  return found === undefined ? undefined : { name: found[0], schema: found[1] };
}

interface ModelledIn extends Modelled {
  readonly service: WireService;
  readonly protocol: Protocol;
}

function modelledShape(error: AwsError, { name, schema, service, protocol }: ModelledIn): ErrorShape {
  const members: Record<string, unknown> = {};
  const headers: [string, string][] = Object.entries(error.headers ?? {});
  // Lambda's errors tell in a member whose fault it was.
  if ('Type' in schema.members) members['Type'] = error.fault === 'client' ? 'User' : 'Service';
  for (const [member, value] of Object.entries(error.members ?? {})) {
    const known = Object.hasOwn(schema.members, member) ? memberOf(schema.members[member]!) : undefined;
    if (known?.httpHeader === undefined) members[member] = value;
    else headers.push([known.httpHeader, String(value)]);
  }
  const queryTexts = protocol === 'query' ? QUERY_TEXTS[service.prefix] : undefined;
  return {
    name,
    qualifiedName: protocol === 'json-1.1' || protocol === 'cbor-1.1' ? name : `${service.schema.namespace}#${name}`,
    queryCode: error.queryCode ?? schema.queryCode ?? name,
    status: error.status,
    fault: error.fault,
    message: queryTexts?.[error.message] ?? error.message,
    messageMember: 'Message' in schema.members ? 'Message' : 'message',
    members,
    headers,
  };
}

/** The body of an error in JSON and CBOR. AWS leaves the message out where it has none to give. */
export function errorBody(shape: ErrorShape, typeName: string | undefined): Record<string, unknown> {
  return {
    ...(typeName === undefined ? {} : { __type: typeName }),
    ...shape.members,
    ...(shape.message === '' ? {} : { [shape.messageMember]: shape.message }),
  };
}

/** `AWS.SimpleQueueService.NonExistentQueue;Sender`: the older name, for clients that still match on it. */
export function queryErrorHeader(shape: ErrorShape): string {
  return `${shape.queryCode};${shape.fault === 'client' ? 'Sender' : 'Receiver'}`;
}

export function queryErrorXml(shape: ErrorShape, service: WireService | undefined, requestId: string): string {
  const members = Object.entries(shape.members)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  const type = `<Type>${shape.fault === 'client' ? 'Sender' : 'Receiver'}</Type>`;
  const detail = service?.prefix === 'sqs' ? '<Detail/>' : '';
  const code = `<Code>${escapeXml(shape.queryCode)}</Code><Message>${escapeXml(shape.message)}</Message>`;
  const namespace = service === undefined ? '' : ` xmlns="${service.schema.xmlNamespace}"`;
  return `<?xml version="1.0"?><ErrorResponse${namespace}><Error>${type}${code}${members}${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

/** REST-XML without a wrapper, as S3 answers. */
export function restXmlError(shape: ErrorShape, requestId: string, hostId: string): string {
  const members = Object.entries(shape.members)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  const code = `<Code>${escapeXml(shape.queryCode)}</Code><Message>${escapeXml(shape.message)}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${code}${members}<RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`;
}
