// The answer to a form: PutObject's, in the way that the form asks for. AWS: S3 API reference, "POST Object", `success_action_redirect` and
// `success_action_status`; documents and heads as recorded in issues of upload libraries and in LocalStack's snapshots.

import type { WireResponse } from '../../http-message.ts';
import { percentEncode } from '../../percent.ts';
import { escapeXml } from '../../xml-text.ts';
import type { PostedForm } from './posted-form.ts';

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n';
/** ASCII's control characters. */
const CONTROL = /[^\P{Cc}\u0080-\u009f]/u;

/** `bucketUrl`: of the bucket as the client called it, without a slash at the end. */
export function formAnswer({ fields, bucket, key }: PostedForm, put: WireResponse, bucketUrl: string): WireResponse {
  const eTag = put.headers.find(([name]) => name.toLowerCase() === 'etag')?.[1] ?? '';
  const redirect = redirectOf(fields.value('success_action_redirect') ?? fields.value('redirect'));
  if (redirect !== undefined) {
    const added = `bucket=${formEncode(bucket)}&key=${formEncode(key)}&etag=${formEncode(eTag)}`;
    const location = `${redirect}${redirect.includes('?') ? '&' : '?'}${added}`;
    return { status: 303, headers: [...put.headers, ['Location', location]], body: '' };
  }
  const location = `${bucketUrl}/${percentEncode(key)}`;
  const headers: WireResponse['headers'] = [...put.headers, ['Location', location]];
  const status = fields.value('success_action_status');
  if (status === '200') return { status: 200, headers, body: '' };
  if (status !== '201') return { status: 204, headers, body: '' };
  const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;
  const members = [
    element('Location', location),
    element('Bucket', bucket),
    element('Key', key),
    `<ETag>${escapeXml(eTag)}</ETag>`,
  ];
  const body = `${PROLOG}<PostResponse>${members.join('')}</PostResponse>`;
  return { status: 201, headers: [...headers, ['Content-Type', 'application/xml']], body };
}

/** AWS: "If Amazon S3 cannot interpret the URL, it acts as if the field is not present"; a relative one it cannot (recorded). */
function redirectOf(url: string | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\/[^/?#]/i.test(url) || CONTROL.test(url)) return undefined;
  // A header is ASCII; what is, stays as it was sent.
  return url.replace(/[^\u0020-\u007e]+/gu, (text) => percentEncode(text));
}

/** As a form's query has it: a space is a plus. */
function formEncode(text: string): string {
  return percentEncode(text).replaceAll('%20', '+');
}
