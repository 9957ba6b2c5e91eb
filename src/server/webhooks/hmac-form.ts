// The form of a signature that the file of webhooks describes for the kind `hmac`.

import type { HmacForm } from './webhook.ts';
import type { WebhookReader } from './webhook-reader.ts';

const HEADER = /^[a-z0-9!#$%&'*+.^_`|~-]{1,256}$/;

export function hmacForm(read: WebhookReader): HmacForm {
  const form: HmacForm = {
    header: headerOf(read, 'header') ?? read.text('header'),
    algorithm: read.choice('algorithm', ['sha1', 'sha256', 'sha512'], 'sha256'),
    encoding: read.choice('encoding', ['hex', 'base64'], 'hex'),
    prefix: read.optional('prefix') ?? '',
    timestampHeader: headerOf(read, 'timestampHeader'),
    separator: read.optional('separator') ?? '.',
    detailTypeHeader: headerOf(read, 'detailTypeHeader'),
    detailTypePath: read.optional('detailTypePath')?.split('.'),
    detailType: read.optional('detailType'),
  };
  const { timestampHeader, detailTypeHeader, detailTypePath, detailType } = form;
  const isTypeKnown = [detailTypeHeader, detailTypePath, detailType].some((each) => each !== undefined);
  if (!isTypeKnown) throw read.problem('detailTypeHeader, detailTypePath or detailType is missing');
  const isOutOfPlace = timestampHeader === undefined && read.optional('separator') !== undefined;
  if (isOutOfPlace) throw read.problem('separator is for a timestampHeader');
  if (timestampHeader === undefined && read.count('toleranceSeconds', Number.MAX_SAFE_INTEGER) !== undefined)
    throw read.problem('toleranceSeconds is for a timestampHeader');
  return form;
}

function headerOf(read: WebhookReader, name: string): string | undefined {
  const header = read.optional(name)?.toLowerCase();
  if (header !== undefined && !HEADER.test(header)) throw read.problem(`${name} is the name of a header`);
  return header;
}
