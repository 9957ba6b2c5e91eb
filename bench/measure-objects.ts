// Objects of 64 MiB put and got, beside copying a file of that size with fsync: in turns, in one run. The client does as little as a client
// can (node:http, presigned URLs, the bytes in memory, nothing computed), because both share the machine's two cores.

import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Figure, median } from './figures.ts';
import { ROOT_KEY, residentBytes, startEddy } from './processes.ts';

const BYTES = 64 * 1024 * 1024;
const ROUNDS = 11;
const AT = { Bucket: 'bench', Key: 'object' };

function copied(from: string, to: string): number {
  const startedAt = performance.now();
  copyFileSync(from, to);
  const file = openSync(to, 'r');
  fsyncSync(file);
  closeSync(file);
  const took = performance.now() - startedAt;
  rmSync(to);
  return took;
}

function asked(
  url: string,
  options: { method: string; agent: Agent; body?: Buffer; headers?: object },
): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const { method, agent, body, headers } = options;
    const sent = request(
      url,
      { method, agent, headers: { ...headers, 'Content-Length': body?.length ?? 0 } },
      (answer) => {
        let bytes = 0;
        answer.on('data', (piece: Buffer) => {
          bytes += piece.length;
        });
        answer.on('end', () => {
          const isWhole = answer.statusCode === 200 && (method === 'PUT' || bytes === BYTES);
          if (isWhole) resolve(performance.now() - startedAt);
          else reject(new Error(`${method} was answered ${answer.statusCode} with ${bytes} bytes`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export async function* measureObjects(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('eddy') });
  const files = folder('files');
  mkdirSync(files);
  const source = join(files, 'source');
  writeFileSync(source, Buffer.alloc(BYTES, 'what an object holds; '));
  const body = readFileSync(source);
  const s3 = new S3Client({
    endpoint: eddy.url,
    region: 'us-east-1',
    credentials: ROOT_KEY,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  await s3.send(new CreateBucketCommand({ Bucket: AT.Bucket }));
  // SDKs send the CRC32 of what they upload; this client has it beforehand.
  const checksum = 'x-amz-checksum-crc32';
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const crc = sum.toString('base64');
  const put = await getSignedUrl(s3, new PutObjectCommand({ ...AT, ChecksumCRC32: crc }), {
    unhoistableHeaders: new Set([checksum]),
  });
  const get = await getSignedUrl(s3, new GetObjectCommand(AT));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took = { copy: [] as number[], put: [] as number[], get: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.copy.push(copied(source, join(files, 'copy')));
    took.put.push(await asked(put, { method: 'PUT', agent, body, headers: { [checksum]: crc } }));
    took.get.push(await asked(get, { method: 'GET', agent }));
  }
  const resident = residentBytes(eddy.pid);
  agent.destroy();
  await eddy.stop();
  const copy = median(took.copy);
  const goal = { kind: 'at-least', reach: 0.4, beyond: 0.7 } as const;
  for (const [what, times] of [
    ['put', took.put],
    ['get', took.get],
  ] as const) {
    yield {
      what: `${what} of a 64 MiB object, as copying a file with fsync`,
      value: copy / median(times),
      unit: 'x',
      goal,
      note: `${median(times).toFixed(0)} and ${copy.toFixed(0)} ms`,
    };
  }
  yield { what: 'resident memory after these', value: resident / 2 ** 20, unit: 'MiB' };
}
