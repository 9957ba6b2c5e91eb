// What the wire layer costs a request: identify, decode, encode and verify a SendMessage of 1 KiB, in microseconds of one core.
// Usage: node tools/run-ts.mjs bench/wire.ts [--seconds 1]

import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { nodeDigest } from '../src/runtime/digest.ts';
import { decode, encodeOutput } from '../src/wire/codec.ts';
import { readCredential } from '../src/wire/credential.ts';
import { service as sns } from '../src/wire/generated/sns.ts';
import { service as sqs } from '../src/wire/generated/sqs.ts';
import { type WireRequest, wireHeaders } from '../src/wire/http-message.ts';
import { type Identification, identify } from '../src/wire/identify.ts';
import { WireServices } from '../src/wire/services.ts';
import { SignatureVerifier } from '../src/wire/sigv4.ts';

const secondsAt = process.argv.indexOf('--seconds');
const MEASURED_MS = (secondsAt < 0 ? 1 : Number(process.argv[secondsAt + 1])) * 1000;

const ROUNDS = 8;

class Sha256 {
  private readonly hash;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

const services = new WireServices([sqs, sns]);
const body = Buffer.from(
  JSON.stringify({ QueueUrl: 'http://127.0.0.1:4566/000000000000/orders', MessageBody: 'x'.repeat(1024) }),
);
const query = Buffer.from(
  `Action=SendMessage&Version=2012-11-05&QueueUrl=${encodeURIComponent('http://127.0.0.1:4566/000000000000/orders')}&MessageBody=${'x'.repeat(1024)}`,
);

async function signed(payload: Buffer, contentType: string, target?: string): Promise<WireRequest> {
  const signer = new SignatureV4({
    service: 'sqs',
    region: 'us-east-1',
    sha256: Sha256 as never,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  const request = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/',
    query: {},
    headers: {
      host: '127.0.0.1:4566',
      'content-type': contentType,
      'content-length': String(payload.length),
      'x-amz-user-agent': 'aws-sdk-js/3.1169.0',
      'amz-sdk-invocation-id': '11111111-2222-3333-4444-555555555555',
      'amz-sdk-request': 'attempt=1; max=3',
      ...(target === undefined ? {} : { 'x-amz-target': target }),
    },
    body: payload,
  });
  return { method: 'POST', path: '/', query: '', headers: wireHeaders(Object.entries(request.headers)), body: payload };
}

function measure(name: string, run: () => unknown): void {
  for (const end = performance.now() + 200; performance.now() < end; ) for (let i = 0; i < 100; i += 1) run();
  let best = Number.POSITIVE_INFINITY;
  // Time of this process only, and the best of several rounds: other work on the machine only ever adds.
  for (let round = 0; round < ROUNDS; round += 1) {
    let count = 0;
    const start = process.cpuUsage();
    for (const end = performance.now() + MEASURED_MS / ROUNDS; performance.now() < end; count += 200) {
      for (let i = 0; i < 200; i += 1) run();
    }
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) / count);
  }
  console.log(`${name.padEnd(46)} ${best.toFixed(2).padStart(7)} us`);
}

function identified(request: WireRequest): Identification {
  const found = identify(services, request, readCredential(request).credential);
  if ('refused' in found) throw new Error(found.refused.message);
  return found;
}

const json = await signed(body, 'application/x-amz-json-1.0', 'AmazonSQS.SendMessage');
const form = await signed(query, 'application/x-www-form-urlencoded');
const verifier = new SignatureVerifier(nodeDigest);
const key = { secret: 'secret' };
const options = { nowMs: Date.now(), signingName: 'sqs', keyOf: () => key };
const verdict = verifier.verify(json, readCredential(json), options);
if (verdict.kind !== 'verified') throw new Error(verdict.refused.message);

const jsonId = identified(json);
const formId = identified(form);
const output = {
  MD5OfMessageBody: 'd41d8cd98f00b204e9800998ecf8427e',
  MessageId: '11111111-2222-3333-4444-555555555555',
};
const received = {
  Messages: Array.from({ length: 10 }, (_, i) => ({
    MessageId: `11111111-2222-3333-4444-55555555555${i}`,
    ReceiptHandle: 'r'.repeat(180),
    MD5OfBody: 'd41d8cd98f00b204e9800998ecf8427e',
    Body: 'x'.repeat(1024),
  })),
};

measure('readCredential', () => readCredential(json));
measure('identify (json)', () => identify(services, json, undefined));
measure('decode SendMessage 1 KiB (json)', () => decode(jsonId, json));
measure('encode SendMessage reply (json)', () => encodeOutput(jsonId, output, 'request-id'));
measure('verify signature, 1 KiB', () => verifier.verify(json, readCredential(json), options));
measure('all of the above', () => {
  const reading = readCredential(json);
  const id = identify(services, json, reading.credential) as Identification;
  verifier.verify(json, reading, options);
  decode(id, json);
  return encodeOutput(id, output, 'request-id');
});
measure('identify + decode SendMessage 1 KiB (query)', () => decode(identified(form), form));
measure('encode SendMessage reply (query)', () => encodeOutput(formId, output, 'request-id'));
const receiveId = { ...jsonId, operation: jsonId.service.operation('ReceiveMessage')! };
measure('encode ReceiveMessage of 10 x 1 KiB (json)', () => encodeOutput(receiveId, received, 'request-id'));
