// The digests of one upload: MD5 for the ETag, the checksum that is kept, and SHA-256 where the signature claims it.

import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumName } from '#wire/s3/body-plan.ts';
import { Crc32c, Crc64Nvme } from './crc-tables.ts';

export interface Digests {
  /** Lower-case hex. */
  readonly md5: string;
  /** Base64. */
  readonly checksum: string;
  /** Lower-case hex; undefined unless it was asked for. */
  readonly sha256: string | undefined;
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

  constructor(name: ChecksumName, needsSha256: boolean) {
    this.sha256 = needsSha256 ? createHash('sha256') : undefined;
    this.checksum = name === 'SHA256' && this.sha256 !== undefined ? NOTHING : runningOf(name);
  }

  update(bytes: Uint8Array): void {
    this.md5.update(bytes);
    this.checksum.update(bytes);
    this.sha256?.update(bytes);
  }

  finish(): Digests {
    const sha256 = this.sha256?.digest();
    const checksum = this.checksum === NOTHING ? (sha256 as Buffer) : this.checksum.digest();
    return {
      md5: this.md5.digest('hex'),
      checksum: Buffer.from(checksum).toString('base64'),
      sha256: sha256?.toString('hex'),
    };
  }
}

/** The signature's hash is the checksum, too. */
const NOTHING: Running = { update() {}, digest: () => new Uint8Array(0) };

function runningOf(name: ChecksumName): Running {
  switch (name) {
    case 'CRC32':
      return new Crc32();
    case 'CRC32C':
      return new Crc32c();
    case 'CRC64NVME':
      return new Crc64Nvme();
    default:
      return createHash(name.toLowerCase());
  }
}
