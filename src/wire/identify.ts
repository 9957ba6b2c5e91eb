// Which service, protocol and operation a request means. In this order, since the earlier say it outright and the later infer it:
//   0. S3, when the signature or the host names it: its keys may look like anything
//   1. rpc-v2-cbor: the header `smithy-protocol` and the path /service/X/operation/Y
//   2. JSON, and Kinesis's CBOR: the header X-Amz-Target
//   3. query: the parameter Action, in a form body or the query string; the service by signature, else by Version, else by Action
//   4. REST: method and path, in the service of the signature, else in the only one that knows such a path
// Nothing is decoded here beyond what names the operation; the form body is parsed once and handed on.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { Credential } from './credential.ts';
import type { WireRequest } from './http-message.ts';
import { type Pair, parsePairs } from './percent.ts';
import { malformedInput, noOperationNamed, unknownAction, unknownRoute, unknownTarget } from './refusals.ts';
import { identifyPerhapsS3, identifySurelyS3 } from './s3/identify.ts';
import type { Protocol } from './schema.ts';
import type { WireOperation, WireService, WireServices } from './services.ts';

export interface Identification {
  readonly service: WireService;
  readonly protocol: Protocol;
  readonly operation: WireOperation;
  /** Of a REST path. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a query-protocol request. */
  readonly form?: readonly Pair[];
  /** S3's upload by a browser's form: the fields in its body say the rest. */
  readonly isPostedForm?: true;
}

/** Not identified: the error, and the protocol and service in which to say so. */
export interface Unidentified extends Refused {
  readonly refused: AwsError;
  readonly protocol: Protocol;
  readonly service?: WireService;
}

/** No AWS request has more parameters; a batch of ten messages with ten attributes each has a few hundred. */
const FORM_PAIRS_MAX = 10_000;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function identify(
  services: WireServices,
  request: WireRequest,
  credential: Credential | undefined,
): Identification | Unidentified {
  const s3 = identifySurelyS3(services, request, credential);
  if (s3 !== undefined) return s3;
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return identifyRpc(services, request);
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return identifyTarget(services, request, target);
  const form = formOf(request);
  if (form === 'malformed') return { ...refuse(malformedInput(undefined)), protocol: 'query' };
  if (form !== undefined) return identifyAction(services, form, credential);
  return identifyRoute(services, request, credential);
}

function identifyRpc(services: WireServices, { method, path }: WireRequest): Identification | Unidentified {
  const found = /^\/service\/([A-Za-z0-9_.]{1,128})\/operation\/([A-Za-z0-9_]{1,128})$/.exec(path);
  const service = found === null ? undefined : services.withTarget(found[1]!.slice(found[1]!.lastIndexOf('.') + 1));
  const operation = service?.operation(found?.[2] ?? '');
  if (method === 'POST' && service?.speaks('rpc-v2-cbor') && operation !== undefined) {
    return { service, operation, protocol: 'rpc-v2-cbor' };
  }
  return { ...refuse(unknownTarget()), protocol: 'rpc-v2-cbor', ...(service && { service }) };
}

function identifyTarget(services: WireServices, request: WireRequest, target: string): Identification | Unidentified {
  const dot = target.lastIndexOf('.');
  const service = services.withTarget(target.slice(0, Math.max(dot, 0)));
  const operation = service?.operation(target.slice(dot + 1));
  const protocol = targetProtocolOf(request, service);
  if (request.method === 'POST' && service !== undefined && operation !== undefined && speaksJson(service)) {
    return { service, operation, protocol };
  }
  return { ...refuse(unknownTarget()), protocol, ...(service && { service }) };
}

function speaksJson(service: WireService): boolean {
  return service.speaks('json-1.0') || service.speaks('json-1.1');
}

/** What the content type says; without one, what the service's SDKs speak. */
function targetProtocolOf(request: WireRequest, service: WireService | undefined): Protocol {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-amz-cbor-1.1') && service?.speaks('cbor-1.1')) return 'cbor-1.1';
  if (type.startsWith('application/x-amz-json-1.0')) return 'json-1.0';
  if (type.startsWith('application/x-amz-json-1.1')) return 'json-1.1';
  return service?.speaks('json-1.0') ? 'json-1.0' : 'json-1.1';
}

/** The parameters of a query-protocol request; undefined when the request is none. */
function formOf(request: WireRequest): readonly Pair[] | 'malformed' | undefined {
  const type = request.headers['content-type'] ?? '';
  if (request.method === 'POST' && request.body.length > 0 && isFormType(type)) {
    const pairs = parseForm(request.body);
    if (pairs === undefined) return 'malformed';
    if (hasAction(pairs)) return pairs;
    // `POST /?Action=…` with other parameters in the body.
    const inQuery = request.query.includes('Action=') ? parsePairs(request.query, FORM_PAIRS_MAX) : undefined;
    return inQuery !== undefined && hasAction(inQuery) ? [...inQuery, ...pairs] : undefined;
  }
  if (!/(^|&)Action=/.test(request.query)) return undefined;
  if (request.method !== 'GET' && request.method !== 'POST') return undefined;
  return parsePairs(request.query, FORM_PAIRS_MAX) ?? 'malformed';
}

/** Without a content type a body is taken for a form: old clients send none. */
function isFormType(type: string): boolean {
  return type === '' || type.startsWith('application/x-www-form-urlencoded');
}

function parseForm(body: Uint8Array): readonly Pair[] | undefined {
  try {
    return parsePairs(decoder.decode(body), FORM_PAIRS_MAX);
  } catch {
    // The body is not UTF-8.
    return undefined;
  }
}

function hasAction(pairs: readonly Pair[]): boolean {
  return pairs.some(({ name }) => name === 'Action');
}

function identifyAction(
  services: WireServices,
  form: readonly Pair[],
  credential: Credential | undefined,
): Identification | Unidentified {
  const action = form.find(({ name }) => name === 'Action')?.value ?? '';
  const version = form.find(({ name }) => name === 'Version')?.value;
  const candidates = queryCandidates(services, credential, version);
  for (const service of candidates) {
    const operation = service.operation(action);
    if (operation !== undefined) return { service, operation, protocol: 'query', form };
  }
  const [service] = candidates;
  // SQS has a text of its own; the others name the version they were asked for.
  const known = service === undefined || service.prefix === 'sqs' ? undefined : service.schema.apiVersion;
  const isSure = service !== undefined && candidates.length === 1;
  return { ...refuse(unknownAction(action, known)), protocol: 'query', ...(isSure && { service }) };
}

/** The signature names the service; a version does, too; else whoever has the action. */
function queryCandidates(
  services: WireServices,
  credential: Credential | undefined,
  version: string | undefined,
): readonly WireService[] {
  if (credential !== undefined) {
    const signed = services.withSigningName(credential.service).filter((service) => service.speaks('query'));
    if (signed.length > 0) return signed;
  }
  const versioned = version === undefined ? [] : services.withQueryVersion(version);
  return versioned.length > 0 ? versioned : services.all.filter((service) => service.speaks('query'));
}

function identifyRoute(
  services: WireServices,
  request: WireRequest,
  credential: Credential | undefined,
): Identification | Unidentified {
  const signed = credential === undefined ? [] : services.withSigningName(credential.service);
  // S3's paths are told apart by its own rules.
  const candidates = (signed.length > 0 ? signed : services.all).filter((service) => service.speaks('rest-json'));
  for (const service of candidates) {
    const route = service.route(request.method, request.path, request.query);
    const operation = route && service.operation(route.operation);
    if (route !== undefined && operation !== undefined) {
      return { service, operation, protocol: 'rest-json', labels: route.labels };
    }
  }
  const s3 = identifyPerhapsS3(services, request, credential);
  if (s3 !== undefined) return s3;
  const [service] = signed.length === 1 ? signed : [];
  if (service === undefined) return { ...refuse(noOperationNamed()), protocol: 'query' };
  const protocol = service.schema.protocols[0] ?? 'query';
  const error = speaksRest(service) ? unknownRoute(request.method, request.path) : noOperationNamed();
  return { ...refuse(error), protocol, service };
}

function speaksRest(service: WireService): boolean {
  return service.speaks('rest-json') || service.speaks('rest-xml');
}
