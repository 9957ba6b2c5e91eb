import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { DELIVER_OPENSEARCH, type DeliveryResult, type OpenSearchDelivery } from '#services/firehose/performing.ts';
import { decodePack } from '#services/firehose/record-pack.ts';
import { type TestRecord, testLake } from '../testing.ts';
import { signedHeaders } from './signed-headers.ts';
import { type Answer, fakeServer, type SeenRequest } from './testing.ts';

const DELIVERY: Omit<OpenSearchDelivery, 'endpoint'> = {
  blocks: [],
  indexName: 'orders',
  rotation: 'NoRotation',
  documentIds: 'destination',
  requestId: 'batch',
  region: 'eu-central-1',
};

function deliver(
  endpoint: string,
  change: Partial<OpenSearchDelivery> = {},
  records: readonly TestRecord[] = ['{"a":1}'],
) {
  return testLake().perform<DeliveryResult>(DELIVER_OPENSEARCH, { ...DELIVERY, ...change, endpoint }, records);
}

/** Answers every document with the status that it names. */
function cluster({ body }: SeenRequest): Answer {
  const lines = body.toString().trimEnd().split('\n');
  const items = lines
    .filter((_, i) => i % 2 === 1)
    .map((line, i) => {
      const { status = 201 } = JSON.parse(line) as { readonly status?: number };
      const error = status < 300 ? {} : { error: { type: 'mapper_parsing_exception', reason: 'failed to parse' } };
      return { index: { _index: 'orders', _id: `id-${i}`, status, ...error } };
    });
  return { json: { took: 1, errors: true, items } };
}

const linesOf = ({ body }: SeenRequest): string[] => body.toString().slice(0, -1).split('\n');

describe('the request', () => {
  test('is a bulk of action and document lines', async () => {
    const { url, seen } = await fakeServer(cluster);
    expect(await deliver(`${url}/`, {}, ['{"a":1}', '{\n"b":2}\n'])).toEqual({ outcome: 'delivered', refused: [] });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/_bulk',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(linesOf(seen[0]!)).toEqual([
      '{"index":{"_index":"orders"}}',
      '{"a":1}',
      '{"index":{"_index":"orders"}}',
      '{ "b":2} ',
    ]);
    expect(seen[0]!.body.at(-1)).toBe(0x0a);
  });

  test('names each record’s index by its arrival, a type and an id when asked so', async () => {
    const { url, seen } = await fakeServer(cluster);
    const data = Buffer.from('{}');
    const records = [Date.UTC(2026, 1, 25, 13), Date.UTC(2026, 1, 26)].map((arrivedAtMs) => ({ arrivedAtMs, data }));
    await deliver(url, { rotation: 'OneDay', typeName: 'order', documentIds: 'firehose' }, records);
    expect(linesOf(seen[0]!).filter((_, i) => i % 2 === 0)).toEqual([
      '{"index":{"_index":"orders-2026-02-25","_type":"order","_id":"batch.0"}}',
      '{"index":{"_index":"orders-2026-02-26","_type":"order","_id":"batch.1"}}',
    ]);
  });

  test('is signed as the AWS SDK signs it', async () => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' };
    const body = Buffer.from('{"index":{}}\n{}\n');
    const headers = [['Content-Type', 'application/x-ndjson'] as const];
    const nowMs = Date.UTC(2026, 1, 25, 13);
    const own = signedHeaders(
      { url: 'https://search.example/a b/_bulk', headers, body, region: 'eu-central-1', credentials },
      nowMs,
    );
    class Sha256 {
      private readonly hash = createHash('sha256');
      private readonly key: Uint8Array | undefined;
      constructor(key?: Uint8Array) {
        this.key = key;
      }
      private data: Buffer[] = [];
      update(data: Uint8Array | string): void {
        this.data.push(Buffer.from(data as string));
      }
      async digest(): Promise<Uint8Array> {
        const { createHmac } = await import('node:crypto');
        const all = Buffer.concat(this.data);
        return this.key === undefined
          ? this.hash.update(all).digest()
          : createHmac('sha256', this.key).update(all).digest();
      }
    }
    const signer = new SignatureV4({
      credentials,
      region: 'eu-central-1',
      service: 'es',
      sha256: Sha256 as never,
      applyChecksum: false,
    });
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: 'https:',
        hostname: 'search.example',
        path: '/a%20b/_bulk',
        query: {},
        headers: { host: 'search.example', 'content-type': 'application/x-ndjson' },
        body,
      },
      { signingDate: new Date(nowMs) },
    );
    expect(Object.fromEntries(own)['Authorization']).toBe(signed.headers['authorization']);
  });
});

describe('documents', () => {
  test('that do not fit are refused, those that were too many are left', async () => {
    const { url } = await fakeServer(cluster);
    const records = ['{"n":0}', '{"status":400}', '{"status":429}', ' ', '{"n":4}', '{"status":503,"n":5}'];
    const result = await deliver(url, {}, records);
    expect(result).toMatchObject({
      outcome: 'delivered',
      refused: [
        {
          index: 1,
          code: '400',
          message: 'mapper_parsing_exception: failed to parse',
          members: { esDocumentId: 'id-1', esIndexName: 'orders', esTypeName: null },
        },
        { index: 3, code: '400', message: 'The record is empty: it is no document.' },
      ],
      left: { code: '429' },
    });
    const left = result.outcome === 'delivered' ? (result.left?.packs ?? []) : [];
    const texts = left.flatMap(({ pack }) => decodePack(pack)).map(({ data }) => Buffer.from(data).toString());
    expect(texts).toEqual(['{"status":429}', '{"status":503,"n":5}']);
  });

  test('of which all are empty need no request', async () => {
    const { url, seen } = await fakeServer(cluster);
    expect(await deliver(url, {}, ['', '\n'])).toMatchObject({
      outcome: 'delivered',
      refused: [{ index: 0 }, { index: 1 }],
    });
    expect(seen).toEqual([]);
  });
});

describe('a request that fails as a whole', () => {
  test.each([400, 403, 413, 429, 500, 503])('status %d is tried again', async (status) => {
    const { url } = await fakeServer(() => ({ status, body: 'no' }));
    expect(await deliver(url)).toEqual({ outcome: 'failed', code: String(status), message: 'no', isRetryable: true });
  });

  test.each([{ body: 'hello' }, { json: {} }, { json: { items: [] } }, { json: { items: 5 } }])(
    '%j is no answer of a bulk request',
    async (answer) => {
      const { url } = await fakeServer(() => answer);
      expect(await deliver(url)).toMatchObject({ outcome: 'failed', code: 'OS.InvalidResponse' });
    },
  );

  test('an item that tells nothing counts as failed for now', async () => {
    const { url } = await fakeServer(() => ({ json: { items: [null] } }));
    expect(await deliver(url)).toMatchObject({ outcome: 'delivered', left: { code: '500' } });
  });

  test('nobody listens', async () => {
    expect(await deliver('http://127.0.0.1:9')).toMatchObject({ code: 'OS.ConnectionFailed', isRetryable: true });
  });
});
