// Signature Version 4 for a request to OpenSearch Service. AWS: IAM user guide, "Create a signed AWS API request". The session token is signed,
// too; only host, date, token and content type are: what HTTP adds on its way is not.

import { createHash, createHmac } from 'node:crypto';
import type { OpenSearchDelivery } from '#services/firehose/performing.ts';
import { canonicalPath } from '#wire/sigv4-canonical.ts';

type Headers = readonly (readonly [string, string])[];

export interface RequestToSign extends Pick<OpenSearchDelivery, 'region' | 'credentials'> {
  /** Without a query. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** OpenSearch Service kept the signing name of its predecessor. */
const SERVICE = 'es';

/** The given headers and those of the signature, made now. */
export function signedHeaders(request: RequestToSign, nowMs = Date.now()): Headers {
  const { credentials, region, url, body } = request;
  if (credentials === undefined) return request.headers;
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const added: Headers = [
    ['X-Amz-Date', stamp],
    ['X-Amz-Security-Token', credentials.sessionToken],
  ];
  const { host, pathname } = new URL(url);
  const signed = [['host', host] as const, ...request.headers, ...added]
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    'POST',
    canonicalPath(pathname),
    '',
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${stamp.slice(0, 8)}/${region}/${SERVICE}/aws4_request`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, stamp, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return [...request.headers, ...added, ['Authorization', authorization]];
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
