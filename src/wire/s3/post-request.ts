// A form as the upload that it stands for, and the answer that a form gets. AWS: S3 API reference, "POST Object": "Parameters that are passed to
// PUT through HTTP headers are instead passed as form fields"; success_action_redirect, success_action_status, "Response elements".

import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { type WireRequest, type WireResponse, wireHeaders } from '../http-message.ts';
import { percentEncode } from '../percent.ts';
import { escapeXml, parseXml, type XmlElement } from '../xml-text.ts';
import type { FormHead } from './form-head.ts';
import * as refusals from './refusals.ts';

type Fields = ReadonlyMap<string, string>;

const HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'content-type',
  'expires',
]);
const OF_THE_SIGNATURE = /^x-amz-(?:algorithm|credential|date|signature|security-token|content-sha256)$/;
const utf8 = new TextEncoder();

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is what clients write.
const FILE_NAME = '${filename}';

/** The key, with the file's name in the place of its placeholder. */
export function keyOf({ fields, fileName }: FormHead): string | AwsError {
  const key = fields.get('key');
  return key === undefined || key === '' ? refusals.fieldMissing('key') : key.replaceAll(FILE_NAME, () => fileName);
}

export function putRequestOf(request: WireRequest, fields: Fields): WireRequest | Refused {
  const headers: [string, string][] = [];
  for (const [name, value] of fields) {
    const isHeader = HEADERS.has(name) || (name.startsWith('x-amz-') && !OF_THE_SIGNATURE.test(name));
    if (isHeader) headers.push([name, asHeader(value)]);
  }
  const acl = fields.get('acl');
  if (acl !== undefined) headers.push(['x-amz-acl', acl]);
  const tags = taggingOf(fields.get('tagging'));
  if (isRefused(tags)) return tags;
  if (tags !== undefined) headers.push(['x-amz-tagging', tags]);
  return { ...request, method: 'PUT', query: '', headers: wireHeaders(headers) };
}

/** Each byte of its UTF-8 a character, as headers are read. */
function asHeader(value: string): string {
  return String.fromCharCode(...utf8.encode(value));
}

/** AWS: of forms tags are a document, as PutObjectTagging has it. */
function taggingOf(document: string | undefined): string | undefined | Refused {
  if (document === undefined) return undefined;
  const root = parseXml(document);
  const [set] = root?.name === 'Tagging' ? root.children : [];
  if (set?.name !== 'TagSet' || root?.children.length !== 1) return refuse(refusals.malformedXml());
  const pairs = set.children.map((tag) => [textOf(tag, 'Key'), textOf(tag, 'Value')] as const);
  if (pairs.some(([key, value]) => key === undefined || value === undefined)) return refuse(refusals.malformedXml());
  return pairs.map(([key = '', value = '']) => `${percentEncode(key)}=${percentEncode(value)}`).join('&');
}

const textOf = (tag: XmlElement, name: string): string | undefined =>
  tag.children.find((child) => child.name === name)?.text;

export interface Posted {
  readonly fields: Fields;
  readonly bucket: string;
  readonly key: string;
  /** Of the bucket, without a slash at its end. */
  readonly bucketUrl: string;
}

/** What the upload was answered, as a form's page gets it. */
export function postAnswer({ headers }: WireResponse, { fields, bucket, key, bucketUrl }: Posted): WireResponse {
  const eTag = headers.find(([name]) => name === 'ETag')?.[1] ?? '';
  const location = `${bucketUrl}/${percentEncode(key)}`;
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  // AWS: "If Amazon S3 cannot interpret the URL, it behaves as if the field is not present."
  if (redirect !== undefined && /^https?:\/\/[^\s"<>/?#]+[^\s"<>]*$/.test(redirect)) {
    const parameters = [
      ['bucket', bucket],
      ['key', key],
      ['etag', eTag],
    ] as const;
    const query = parameters.map(([name, value]) => `${name}=${percentEncode(value)}`).join('&');
    const [page = '', fragment] = redirect.split('#');
    const target = `${page}${page.includes('?') ? '&' : '?'}${query}${fragment === undefined ? '' : `#${fragment}`}`;
    return { status: 303, headers: [...headers, ['Location', target]], body: '' };
  }
  const status = fields.get('success_action_status');
  const shown = [...headers, ['Location', location] as const];
  if (status === '200') return { status: 200, headers: shown, body: '' };
  if (status !== '201') return { status: 204, headers: shown, body: '' };
  const elements = [
    ['Location', location],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', eTag],
  ] as const;
  const document = elements.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${document}</PostResponse>`;
  return { status: 201, headers: [...shown, ['Content-Type', 'application/xml']], body };
}
