// Objects of 64 MiB put and got, beside copying a file of that size with fsync: in turns, in one run. The client does as little as a client
// can (a bare socket, presigned URLs, the bytes in memory, nothing computed), because both share the machine's two cores.

import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Figure, median } from './figures.ts';
import { ROOT_KEY, residentBytes, startEddy } from './processes.ts';

const BYTES = 64 * 1024 * 1024;
const ROUNDS = 11;
const AT = { Bucket: 'bench', Key: 'object' };

/** The copies stay until the end, as objects do: what removing one costs would be paid by the put that follows. */
function copied(from: string, to: string): number {
  const startedAt = performance.now();
  copyFileSync(from, to);
  const file = openSync(to, 'r');
  fsyncSync(file);
  closeSync(file);
  return performance.now() - startedAt;
}

/** One connection that sends a request and counts what is answered: reads go into one buffer, nothing is looked at twice. */
class BareClient {
  private readonly socket: Socket;
  private head = '';
  private left = 0;
  private done: (status: string) => void = () => {};

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    const buffer = Buffer.alloc(1024 * 1024);
    const callback = (count: number, bytes: Uint8Array): boolean =>
      this.take(count, Buffer.from(bytes.buffer, 0, count));
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } });
  }

  private take(count: number, bytes: Buffer): boolean {
    if (this.left === 0) {
      this.head += bytes.toString('latin1');
      const end = this.head.indexOf('\r\n\r\n');
      if (end === -1) return true;
      const length = Number(/content-length: (\d+)/i.exec(this.head)?.[1] ?? 0);
      this.left = length - (this.head.length - end - 4);
    } else this.left -= count;
    if (this.left === 0) this.done(this.head.slice(9, 12));
    return true;
  }

  /** Milliseconds to the last byte of the answer. */
  async ask(method: string, url: string, body: Buffer, headers: string): Promise<number> {
    const { host, pathname, search } = new URL(url);
    const startedAt = performance.now();
    this.head = '';
    const status = new Promise<string>((resolve) => {
      this.done = resolve;
    });
    const lines = `Host: ${host}\r\nContent-Length: ${body.length}\r\n${headers}`;
    this.socket.write(`${method} ${pathname}${search} HTTP/1.1\r\n${lines}\r\n`);
    if (body.length > 0) this.socket.write(body);
    const answered = await status;
    if (answered !== '200') throw new Error(`${method} was answered ${answered}: ${this.head.slice(-500)}`);
    return performance.now() - startedAt;
  }

  end(): void {
    this.socket.destroy();
  }
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
  const client = new BareClient(eddy.url);
  const nothing = Buffer.alloc(0);
  const took = { copy: [] as number[], put: [] as number[], get: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.copy.push(copied(source, join(files, `copy-${round}`)));
    took.put.push(await client.ask('PUT', put, body, `${checksum}: ${crc}\r\n`));
    took.get.push(await client.ask('GET', get, nothing, ''));
  }
  const resident = residentBytes(eddy.pid);
  client.end();
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
