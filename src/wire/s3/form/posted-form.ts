// A form as the PutObject that it stands for: its fields become the headers that they are named after. AWS: S3 API reference, "POST Object",
// "HTML form fields".

import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { type WireRequest, wireHeaders } from '../../http-message.ts';
import { percentEncode } from '../../percent.ts';
import { parseXml, type XmlElement } from '../../xml-text.ts';
import { malformedXml } from '../refusals.ts';
import type { FormFields } from './form-fields.ts';
import { fieldMissing, invalidFieldName, invalidFieldValue, signedTwice } from './form-refusals.ts';

export interface PostedForm {
  readonly fields: FormFields;
  readonly bucket: string;
  readonly key: string;
  /** What is asked for. Its body is the form's file. */
  readonly request: WireRequest;
}

/** Fields whose headers have other names. */
const HEADERS: Readonly<Record<string, string>> = {
  acl: 'x-amz-acl',
  'x-amz-checksum-algorithm': 'x-amz-sdk-checksum-algorithm',
};
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  ...['cache-control', 'content-type', 'content-disposition', 'content-encoding', 'content-language'],
  ...['content-md5', 'expires'],
]);
/** Of the signature, or of ways to send a body that a form has not. */
const NO_HEADERS: ReadonlySet<string> = new Set([
  ...['x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature', 'x-amz-security-token'],
  ...['x-amz-content-sha256', 'x-amz-decoded-content-length', 'x-amz-trailer', 'x-amz-copy-source'],
]);
/** Of the request that brings the form: who asks, not what. */
const KEPT_HEADERS = ['host', 'user-agent', 'referer', 'origin', 'x-amzn-trace-id'];
const KEPT_PREFIX = 'x-forwarded-';
const META = 'x-amz-meta-';
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** ASCII's control characters but tabs. */
const CONTROL = /[^\P{Cc}\t\u0080-\u009f]/u;

const utf8 = new TextEncoder();

/** From the request that brings the form, and the fields before its file. */
export function readPostedForm(request: WireRequest, bucket: string, fields: FormFields): PostedForm | Refused {
  if (request.headers['authorization'] !== undefined || /(^|&)(X-Amz-Signature|Signature)=/.test(request.query)) {
    return refuse(signedTwice());
  }
  const key = fields.value('key') ?? '';
  if (key === '') return refuse(fieldMissing('key'));
  const headers = headersOf(request, fields);
  if (isRefused(headers)) return headers;
  const path = `/${bucket}/${key.split('/').map(percentEncode).join('/')}`;
  return { fields, bucket, key, request: { method: 'PUT', path, query: '', headers, body: request.body } };
}

function headersOf({ headers }: WireRequest, fields: FormFields): WireRequest['headers'] | Refused {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && (KEPT_HEADERS.includes(name) || name.startsWith(KEPT_PREFIX))) pairs.push([name, value]);
  }
  for (const [name, field] of fields.entries) {
    const header = headerOf(name);
    if (header === undefined) continue;
    const value = textOfBytes(field.value);
    const wrong = headerProblem(header, field.value);
    if (wrong !== undefined) return refuse(wrong);
    pairs.push([header, value]);
  }
  const tagging = fields.value('tagging');
  if (tagging !== undefined) {
    const tags = taggingHeader(tagging);
    if (typeof tags !== 'string') return tags;
    pairs.push(['x-amz-tagging', tags]);
  }
  return wireHeaders(pairs);
}

function headerOf(field: string): string | undefined {
  const isHeader = PLAIN_HEADERS.has(field) || (field.startsWith('x-amz-') && !NO_HEADERS.has(field));
  return isHeader && HEADERS[field] === undefined ? field : HEADERS[field];
}

/** What an answer could not carry is refused; of metadata AWS encodes it (`=?UTF-8?B?…?=`), which is not done here for control characters. */
function headerProblem(header: string, value: string): AwsError | undefined {
  if (header.startsWith(META) && !TOKEN.test(header)) return invalidFieldName(header);
  return CONTROL.test(value) ? invalidFieldValue(header, value) : undefined;
}

/** As a header would have brought it: each byte of UTF-8 a character. */
function textOfBytes(value: string): string {
  let text = '';
  for (const byte of utf8.encode(value)) text += String.fromCharCode(byte);
  return text;
}

/** `<Tagging><TagSet><Tag>…` as the header has it. Another document holds no tags (recorded in LocalStack's snapshots). */
function taggingHeader(document: string): string | Refused {
  const root = parseXml(document);
  if (root === undefined) return refuse(malformedXml());
  const tags = root.name === 'Tagging' ? children(root, 'TagSet').flatMap((set) => children(set, 'Tag')) : [];
  const pairs: string[] = [];
  for (const tag of tags) {
    const [key] = children(tag, 'Key');
    const [value] = children(tag, 'Value');
    if (key === undefined || value === undefined) return refuse(malformedXml());
    pairs.push(`${percentEncode(key.text)}=${percentEncode(value.text)}`);
  }
  return pairs.join('&');
}

function children(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
