// Whether a request is S3's, and which operation it means. A signature names the service. Without one the host may, or the signature's older
// form; at last a path that no other service knows is taken for a bucket and a key, since public objects are read without signature.

import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { Credential } from '../credential.ts';
import type { WireRequest } from '../http-message.ts';
import type { Identification, Unidentified } from '../identify.ts';
import type { WireService, WireServices } from '../services.ts';
import { readS3Address, readS3Host, type S3Address } from './address.ts';
import { headersOf } from './hoisted-headers.ts';
import * as refusals from './refusals.ts';
import { levelOf, S3Routes } from './routes.ts';

export type RequestHead = Pick<WireRequest, 'method' | 'path' | 'query' | 'headers'>;

const SIGNING_NAME = 's3';
/** For buckets whose names end with `--x-s3`. */
const DIRECTORY_SIGNING_NAME = 's3express';
const routesOf = new WeakMap<WireService, S3Routes>();

/** Says outright that it is S3's: undefined when it is not, or not outright. */
export function identifySurelyS3(
  services: WireServices,
  request: RequestHead,
  credential: Credential | undefined,
): Identification | Unidentified | undefined {
  const service = services.service(SIGNING_NAME);
  if (service === undefined) return undefined;
  if (credential?.service === DIRECTORY_SIGNING_NAME) {
    return { ...refuse(refusals.directoryBuckets()), protocol: 'rest-xml', service };
  }
  if (credential === undefined ? !isS3Unsigned(request) : credential.service !== SIGNING_NAME) return undefined;
  return identifyS3(service, request, true);
}

/** For a path that nobody else knows. `/` alone is nobody's: anonymous callers own no buckets that could be listed. */
export function identifyPerhapsS3(
  services: WireServices,
  request: RequestHead,
  credential: Credential | undefined,
): Identification | Unidentified | undefined {
  const service = services.service(SIGNING_NAME);
  if (service === undefined || credential !== undefined) return undefined;
  const isHostBucket =
    readS3Host(request.headers['host'] ?? '').bucket !== undefined && !namesService(services, request);
  if (request.path === '/' && !isHostBucket) return undefined;
  return identifyS3(service, request, isHostBucket);
}

/** `sqs.localhost` is a service's own host rather than a bucket's. */
function namesService(services: WireServices, request: RequestHead): boolean {
  const labels = (request.headers['host'] ?? '').toLowerCase().split('.');
  return labels.some((label) => services.service(label) !== undefined);
}

/** A host of S3's, or a signature of version 2, which only S3 ever took in these forms and which is refused by name. */
function isS3Unsigned({ headers, query }: RequestHead): boolean {
  if (readS3Host(headers['host'] ?? '').isS3) return true;
  return headers['authorization']?.startsWith('AWS ') === true || /(^|&)AWSAccessKeyId=/.test(query);
}

/** The bucket that a request speaks of, for questions that come before it is identified (CORS). */
export function s3AddressOf(request: RequestHead, isHostTaken: boolean): S3Address | undefined {
  const host = readS3Host(request.headers['host'] ?? '');
  return readS3Address(request.path, host.isS3 || isHostTaken ? host.bucket : undefined);
}

function identifyS3(service: WireService, request: RequestHead, isHostTaken: boolean): Identification | Unidentified {
  const found = find(service, request, isHostTaken);
  return isRefused(found) ? { ...found, protocol: 'rest-xml', service } : found;
}

function find(
  service: WireService,
  request: RequestHead,
  isHostTaken: boolean,
): Identification | { readonly refused: AwsError } {
  const address = s3AddressOf(request, isHostTaken);
  if (address === undefined) return refuse(refusals.invalidUri());
  const level = levelOf(address);
  const { method, query } = request;
  const headers = headersOf(request);
  const name = tableOf(service).find({ method, query, headers, level });
  if (name === undefined && level === 'bucket' && method === 'POST' && isForm(headers)) return formOf(service, address);
  const operation = name === undefined ? undefined : service.operation(name);
  if (operation === undefined) return refuse(noRoute(method, level));
  const problem = PROBLEMS[operation.name]?.(query);
  if (problem !== undefined) return refuse(problem);
  const { bucket = '', key } = address;
  return {
    service,
    operation,
    protocol: 'rest-xml',
    labels: { Bucket: bucket, ...(key === undefined ? {} : { Key: key }) },
  };
}

/** POST Object is PutObject in another dress. */
function formOf(service: WireService, { bucket = '' }: S3Address): Identification | { readonly refused: AwsError } {
  const operation = service.operation('PutObject');
  if (operation === undefined) return refuse(refusals.methodNotAllowed('POST', 'BUCKET'));
  return { service, operation, protocol: 'rest-xml', labels: { Bucket: bucket }, isPostedForm: true };
}

function tableOf(service: WireService): S3Routes {
  let routes = routesOf.get(service);
  if (routes === undefined) {
    routes = new S3Routes(service.schema);
    routesOf.set(service, routes);
  }
  return routes;
}

function isForm(headers: WireRequest['headers']): boolean {
  return headers['content-type']?.toLowerCase().startsWith('multipart/form-data') === true;
}

function noRoute(method: string, level: string): AwsError {
  if (level === 'bucket' && method === 'POST') return refusals.notAForm();
  return refusals.methodNotAllowed(method, level.toUpperCase());
}

/** What would be taken for something else than was meant. */
const PROBLEMS: Readonly<Record<string, (query: string) => AwsError | undefined>> = {
  PutObject: halfAPart,
  ListObjects: otherList,
  GetObject: bucketsSubResource,
};

/** AWS: "startAfter only supported in REST.GET.BUCKET with list-type=2" (recorded in issues of SDKs); the text about types is ours. */
function otherList(query: string): AwsError | undefined {
  const found = /(?:^|&)(list-type|start-after|continuation-token)(?:=([^&]*))?/.exec(query);
  const [, name, value = ''] = found ?? [];
  if (name === undefined || (name === 'list-type' && value === '1')) return undefined;
  if (name === 'list-type') return refusals.invalidArgument(name, value, 'Invalid List Type');
  const member = name === 'start-after' ? 'startAfter' : 'continuation-token';
  return refusals.invalidArgument(name, value, `${member} only supported in REST.GET.BUCKET with list-type=2`);
}

/** AWS's words, as servers have them that are held against it. */
function bucketsSubResource(query: string): AwsError | undefined {
  const found = /(?:^|&)(uploads|versions)(?:=|&|$)/.exec(query);
  if (found?.[1] === 'uploads')
    return refusals.invalidRequest('Key is not expected for the GET method ?uploads subresource');
  if (found?.[1] === 'versions') {
    return refusals.invalidRequest('There is no such thing as the ?versions sub-resource for a key');
  }
  return undefined;
}

/** A part that lacks its number or its upload must not become an object. */
function halfAPart(query: string): AwsError | undefined {
  const found = /(?:^|&)(uploadId|partNumber)(?:=([^&]*))?/.exec(query);
  if (found === null) return undefined;
  return refusals.invalidArgument(
    found[1] as string,
    found[2] ?? '',
    'This operation does not accept a part number without an upload ID, nor an upload ID without a part number.',
  );
}
