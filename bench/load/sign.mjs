// Signs requests with SigV4 the way the SDK for JavaScript does: same headers, same signed headers, so that a server has the same work.

import { createHash, createHmac, randomUUID } from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

const SDK = 'aws-sdk-js/3.1169.0';
const UNSIGNED = new Set(['user-agent', 'connection']);

/**
 * @param {{ accessKeyId: string, secretAccessKey: string, region: string, service: string, host: string }} options
 * @returns {(request: { headers: Record<string, string>, body: string, path?: string }) => Buffer} the whole request as bytes
 */
export function createSigner({ accessKeyId, secretAccessKey, region, service, host }) {
  let day = '';
  let key = Buffer.alloc(0);
  const keyOf = (date) => {
    if (date !== day) {
      key = ['aws4_request', service, region, date].reduceRight(
        (each, part) => hmac(each, part),
        `AWS4${secretAccessKey}`,
      );
      day = date;
    }
    return key;
  };
  return ({ headers, body, path = '/' }) => {
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const all = {
      host,
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': `${SDK} ua/2.1 os/linux#6.1 lang/js md/nodejs#20.20.2 api/${service}#3.1169.0 m/E,n`,
      'x-amz-user-agent': SDK,
      'amz-sdk-invocation-id': randomUUID(),
      'amz-sdk-request': 'attempt=1; max=3',
      'x-amz-date': time,
      'x-amz-content-sha256': sha256(body),
      connection: 'keep-alive',
      ...headers,
    };
    const signed = Object.keys(all)
      .filter((name) => !UNSIGNED.has(name))
      .sort();
    const canonical = signed.map((name) => `${name}:${all[name]}\n`).join('');
    const canonicalRequest = `POST\n${path}\n\n${canonical}\n${signed.join(';')}\n${all['x-amz-content-sha256']}`;
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonicalRequest)}`;
    const signature = createHmac('sha256', keyOf(time.slice(0, 8)))
      .update(toSign)
      .digest('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`;
    return requestBytes({ ...all, authorization }, body, path);
  };
}

/** @returns {Buffer} */
export function requestBytes(headers, body, path = '/') {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
