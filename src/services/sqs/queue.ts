// A queue as its document holds it: identity, settings, policies, tags. Its messages are in the backlog (backlog.ts), found by `number`.

import { formatArn, parseArn } from '#model/arn.ts';
import { type Scope, scopeOf, scopePrefix } from '#model/scope.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns?: readonly string[];
}

/** What SetQueueAttributes can change. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly waitSeconds: number;
  readonly retentionSeconds: number;
  readonly messageBytesMax: number;
  readonly policy?: string | undefined;
  readonly redrivePolicy?: RedrivePolicy | undefined;
  readonly redriveAllowPolicy?: RedriveAllowPolicy | undefined;
  /** FIFO queues only. */
  readonly hasContentBasedDeduplication?: boolean | undefined;
  readonly deduplicationScope?: 'queue' | 'messageGroup' | undefined;
  readonly throughputLimit?: 'perQueue' | 'perMessageGroupId' | undefined;
}

export interface Queue extends QueueSettings {
  /** Short for the journal; never used again after the queue is deleted. */
  readonly number: number;
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly isFifo: boolean;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

export function queueKey(scope: Scope, name: string): string {
  return `${scopePrefix(scope)}${name}`;
}

export function queueKeyOf(queue: Queue): string {
  return `${queue.account}/${queue.region}/${queue.name}`;
}

/** Key of the queue that an ARN names, or undefined when it names none. */
export function queueKeyOfArn(text: string): string | undefined {
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'sqs' || !/^\d{12}$/.test(arn.account)) return undefined;
  return `${arn.account}/${arn.region}/${arn.resource}`;
}

export function queueArn(scope: Scope, name: string): string {
  return formatArn('sqs', scope, name);
}

export function scopeOfQueue(queue: Queue): Scope {
  return scopeOf(queue.account, queue.region);
}

const STANDARD_NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,75}\.fifo$/;

export function isStandardName(name: string): boolean {
  return STANDARD_NAME.test(name);
}

export function isFifoName(name: string): boolean {
  return FIFO_NAME.test(name);
}

/** What long polls of a queue wait for, and pollers watch. */
export function wakeKeyOf(arn: string): string {
  return arn;
}
