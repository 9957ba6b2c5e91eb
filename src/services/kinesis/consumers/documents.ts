// Consumers as they are stored.

import type { StreamDoc } from '../documents.ts';

export interface ConsumerDoc {
  /** Number of its stream. */
  readonly stream: number;
  readonly name: string;
  /** Ends with the second of its creation: one that is registered again under the same name has another. */
  readonly arn: string;
  readonly createdAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Text of the resource policy. */
  readonly policy?: string | undefined;
}

export function consumersPrefix(stream: number): string {
  return `${String(stream).padStart(10, '0')}/`;
}

export function consumerKey({ stream, name }: Pick<ConsumerDoc, 'stream' | 'name'>): string {
  return consumersPrefix(stream) + name;
}

/** AWS: API reference, Consumer: `arn:…:stream/NAME/consumer/NAME:EPOCH`. */
export function consumerArn(stream: StreamDoc, name: string, createdAtMs: number): string {
  return `${stream.arn}/consumer/${name}:${Math.floor(createdAtMs / 1000)}`;
}
