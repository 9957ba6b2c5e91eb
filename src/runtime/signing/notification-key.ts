// Signs notifications with the store's key. The key is made when it is first needed, or beforehand without blocking by
// `prepare`, and kept with the store, so that signatures stay valid over restarts.
//
// Making a 2048-bit key takes about 230 ms on the development machine and one signature 0.4 ms. Signatures are therefore
// made when somebody looks at an envelope, and the latest ones are kept: a notification that went to a hundred queues is
// signed once.

import { createPrivateKey, generateKeyPair, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { BlobStore } from '#storage/journal.ts';
import { selfSignedCertificate } from './certificate.ts';

const BLOB = 'notification-signing-key';
const KEY_OPTIONS = { modulusLength: 2048 };
/** About 400 bytes each. */
const REMEMBERED_MAX = 4_096;

/** What signs, and what proves it; made together. */
interface Identity {
  readonly privateKey: KeyObject;
  readonly certificate: string;
  readonly path: string;
}

export class NotificationKey implements NotificationSigner {
  private identity: Identity | undefined;
  private readonly remembered = new Map<string, string>();

  private constructor(
    private readonly blobs: BlobStore,
    private readonly onProblem: (error: Error) => void,
  ) {}

  /** The key of this store, if it has one already. `onProblem` hears of a new key that could not be stored. */
  static async open(blobs: BlobStore, onProblem: (error: Error) => void): Promise<NotificationKey> {
    const opened = new NotificationKey(blobs, onProblem);
    const stored = await blobs.get(BLOB);
    if (stored !== undefined) {
      const der = Buffer.from(stored);
      opened.identity = identityOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    }
    return opened;
  }

  get certificatePath(): string {
    return this.ensure().path;
  }

  /** The certificate in PEM. */
  get certificate(): string {
    return this.ensure().certificate;
  }

  /** Makes the key beside the event loop, when there is none yet. */
  async prepare(): Promise<void> {
    if (this.identity !== undefined) return;
    const { privateKey } = await promisify(generateKeyPair)('rsa', KEY_OPTIONS);
    if (this.identity === undefined) this.adopt(privateKey);
  }

  sign({ messageId, text, version }: { messageId: string; text: string; version: string }): string {
    const name = `${version} ${messageId}`;
    const known = this.remembered.get(name);
    if (known !== undefined) return known;
    const algorithm = version === '2' ? 'sha256' : 'sha1';
    const signature = sign(algorithm, Buffer.from(text), this.ensure().privateKey).toString('base64');
    if (this.remembered.size >= REMEMBERED_MAX) this.forgetOldest();
    this.remembered.set(name, signature);
    return signature;
  }

  private ensure(): Identity {
    return this.identity ?? this.adopt(generateKeyPairSync('rsa', KEY_OPTIONS).privateKey);
  }

  private adopt(privateKey: KeyObject): Identity {
    const identity = identityOf(privateKey);
    this.identity = identity;
    this.blobs.put(BLOB, privateKey.export({ format: 'der', type: 'pkcs8' })).catch((error: unknown) => {
      this.onProblem(error instanceof Error ? error : new Error(String(error)));
    });
    return identity;
  }

  private forgetOldest(): void {
    for (const name of this.remembered.keys()) {
      this.remembered.delete(name);
      return;
    }
  }
}

function identityOf(privateKey: KeyObject): Identity {
  const certificate = selfSignedCertificate(privateKey);
  const path = `/SimpleNotificationService-${hash('sha256', certificate, 'hex').slice(0, 32)}.pem`;
  return { privateKey, certificate, path };
}
