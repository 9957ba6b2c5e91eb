// The digests of one upload: MD5 for the ETag, the checksum that is kept, and SHA-256 where the signature claims it.

import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { XxHash3 } from '#base/xxhash3.ts';
import { XxHash64 } from '#base/xxhash64.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import { Crc32c, Crc64Nvme } from './crc-tables.ts';

export interface Digests {
  /** Lower-case hex. */
  readonly md5: string;
  /** Base64; undefined unless one was asked for. */
  readonly checksum: string | undefined;
  /** Lower-case hex; undefined unless it was asked for. */
  readonly sha256: string | undefined;
  /** Base64; undefined unless it was asked for beside another checksum. */
  readonly crc64: string | undefined;
}

export interface WantedDigests {
  /** Beside the MD5. */
  readonly checksum: ChecksumAlgorithm | undefined;
  readonly needsSha256: boolean;
  /** CRC-64/NVME beside another checksum. */
  readonly needsCrc64?: boolean;
}

interface Running {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

class Crc32 implements Running {
  private crc = 0;

  update(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.crc);
    return bytes;
  }
}

export class BodyDigests {
  private readonly md5: Hash = createHash('md5');
  private readonly checksum: Running;
  private readonly sha256: Hash | undefined;
  private readonly crc64: Crc64Nvme | undefined;

  constructor({ checksum, needsSha256, needsCrc64 = false }: WantedDigests) {
    this.sha256 = needsSha256 ? createHash('sha256') : undefined;
    this.checksum = checksum === undefined ? NOTHING : runningOf(checksum, this.sha256 !== undefined);
    this.crc64 = needsCrc64 ? new Crc64Nvme() : undefined;
  }

  update(bytes: Uint8Array): void {
    this.md5.update(bytes);
    this.checksum.update(bytes);
    this.sha256?.update(bytes);
    this.crc64?.update(bytes);
  }

  finish(): Digests {
    const md5 = this.md5.digest();
    const sha256 = this.sha256?.digest();
    const checksum = this.checksum === SAME_AS_MD5 ? md5 : this.checksum === SAME_AS_SHA256 ? sha256 : undefined;
    const isAsked = this.checksum !== NOTHING;
    return {
      md5: md5.toString('hex'),
      checksum: isAsked ? Buffer.from(checksum ?? this.checksum.digest()).toString('base64') : undefined,
      sha256: sha256?.toString('hex'),
      crc64: this.crc64 === undefined ? undefined : Buffer.from(this.crc64.digest()).toString('base64'),
    };
  }
}

const NOTHING: Running = { update() {}, digest: () => new Uint8Array(0) };
// What is computed anyway is not computed twice: the ETag's hash, and the signature's.
const SAME_AS_MD5: Running = { update() {}, digest: () => new Uint8Array(0) };
const SAME_AS_SHA256: Running = { update() {}, digest: () => new Uint8Array(0) };

function runningOf(name: ChecksumAlgorithm, hasSha256: boolean): Running {
  switch (name) {
    case 'CRC32':
      return new Crc32();
    case 'CRC32C':
      return new Crc32c();
    case 'CRC64NVME':
      return new Crc64Nvme();
    case 'MD5':
      return SAME_AS_MD5;
    case 'SHA256':
      return hasSha256 ? SAME_AS_SHA256 : createHash('sha256');
    case 'XXHASH64':
      return new XxHash64();
    case 'XXHASH3':
      return new XxHash3(64);
    case 'XXHASH128':
      return new XxHash3(128);
    default:
      return createHash(name.toLowerCase());
  }
}
