// Attributes of a queue: from the texts of CreateQueue and SetQueueAttributes to settings, and back for GetQueueAttributes.
// AWS: SetQueueAttributes, Attributes. What cannot be carried out (server-side encryption) is refused, never stored.

import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import * as errors from './errors.ts';
import { limits } from './limits.ts';
import type { Queue, QueueSettings } from './queue.ts';
import { parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policies.ts';
import type { SqsState } from './state.ts';

export type AttributeTexts = Readonly<Record<string, string>>;
export type Patch = { -readonly [K in keyof QueueSettings]?: QueueSettings[K] };
export type Target = Pick<Queue, 'account' | 'region' | 'isFifo' | 'arn'> & Partial<QueueSettings>;

interface Range {
  readonly setting: keyof Patch;
  readonly min: number;
  readonly max: number;
}

const RANGES: Readonly<Record<string, Range>> = {
  VisibilityTimeout: { setting: 'visibilityTimeoutSeconds', min: 0, max: limits.visibilityTimeoutSecondsMax },
  DelaySeconds: { setting: 'delaySeconds', min: 0, max: limits.delaySecondsMax },
  ReceiveMessageWaitTimeSeconds: { setting: 'waitSeconds', min: 0, max: limits.waitSecondsMax },
  MessageRetentionPeriod: {
    setting: 'retentionSeconds',
    min: limits.retentionSecondsMin,
    max: limits.retentionSecondsMax,
  },
  MaximumMessageSize: { setting: 'messageBytesMax', min: limits.messageBytesMin, max: limits.messageBytesMax },
};

const FIFO_ONLY = new Set(['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);
const KMS_REUSE_SECONDS_DEFAULT = '300';

export function parseAttributes(state: SqsState, given: AttributeTexts, queue: Target): Patch | Refused {
  const patch: Patch = {};
  for (const [name, text] of Object.entries(given)) {
    const problem = parseAttribute(patch, name, { text, state, queue });
    if (problem !== undefined) return refuse(problem);
  }
  const scope = patch.deduplicationScope ?? queue.deduplicationScope;
  const throughput = patch.throughputLimit ?? queue.throughputLimit;
  // AWS, "High throughput for FIFO queues": perMessageGroupId is allowed only when the scope is messageGroup.
  if (throughput === 'perMessageGroupId' && scope !== 'messageGroup') {
    return refuse(
      errors.invalidAttributeValue(
        'FifoThroughputLimit',
        'To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be messageGroup.',
      ),
    );
  }
  return patch;
}

interface Given {
  readonly text: string;
  readonly state: SqsState;
  readonly queue: Target;
}

function parseAttribute(patch: Patch, name: string, given: Given): AwsError | undefined {
  const { text, queue } = given;
  const range = RANGES[name];
  if (range !== undefined) return parseRange(patch, name, { range, text });
  if (FIFO_ONLY.has(name)) {
    return queue.isFifo ? parseFifoAttribute(patch, name, text) : errors.fifoOnlyAttribute(name);
  }
  switch (name) {
    case 'Policy':
      return parsePolicy(patch, text);
    case 'RedrivePolicy':
      return parseRedrive(patch, given);
    case 'RedriveAllowPolicy':
      return parseRedriveAllow(patch, given);
    case 'FifoQueue':
      return queue.isFifo && text.toLowerCase() === 'true'
        ? undefined
        : queue.isFifo
          ? errors.invalidAttributeValue('FifoQueue', 'Modifying queue type is not supported.')
          : errors.unknownAttribute(name);
    case 'SqsManagedSseEnabled':
      return parseManagedEncryption(text);
    case 'KmsMasterKeyId':
      return text === '' ? undefined : errors.notAvailable(name, 'Server-side encryption with KMS keys');
    case 'KmsDataKeyReusePeriodSeconds':
      // The default changes nothing, and Terraform sends it.
      return text === KMS_REUSE_SECONDS_DEFAULT
        ? undefined
        : errors.notAvailable(name, 'Server-side encryption with KMS keys');
    default:
      return errors.unknownAttribute(name);
  }
}

function parseRange(patch: Patch, name: string, { range, text }: { range: Range; text: string }): AwsError | undefined {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) return errors.invalidAttributeValue(name);
  (patch as Record<string, number>)[range.setting] = value;
  return undefined;
}

function parseFifoAttribute(patch: Patch, name: string, text: string): AwsError | undefined {
  if (name === 'ContentBasedDeduplication') {
    const value = booleanOf(text);
    if (value === undefined) return errors.invalidAttributeValue(name);
    patch.hasContentBasedDeduplication = value;
    return undefined;
  }
  if (name === 'DeduplicationScope') {
    if (text !== 'queue' && text !== 'messageGroup') return errors.invalidAttributeValue(name);
    patch.deduplicationScope = text;
    return undefined;
  }
  if (text !== 'perQueue' && text !== 'perMessageGroupId') return errors.invalidAttributeValue(name);
  patch.throughputLimit = text;
  return undefined;
}

function parsePolicy(patch: Patch, text: string): AwsError | undefined {
  if (text === '') {
    patch.policy = undefined;
    return undefined;
  }
  const parsed = parsePolicyDocument(text, 'resource');
  if ('problem' in parsed) return errors.invalidAttributeValue('Policy', parsed.problem.detail);
  patch.policy = text;
  return undefined;
}

function parseRedrive(patch: Patch, { text, state, queue }: Given): AwsError | undefined {
  if (text === '') {
    patch.redrivePolicy = undefined;
    return undefined;
  }
  const policy = parseRedrivePolicy(state, text, queue);
  if (isRefused(policy)) return policy.refused;
  patch.redrivePolicy = policy;
  return undefined;
}

function parseRedriveAllow(patch: Patch, { text, queue }: Given): AwsError | undefined {
  if (text === '') {
    patch.redriveAllowPolicy = undefined;
    return undefined;
  }
  const policy = parseRedriveAllowPolicy(text, queue);
  if (isRefused(policy)) return policy.refused;
  patch.redriveAllowPolicy = policy;
  return undefined;
}

/** Bodies are not encrypted at rest by this version, so false is the truth, and true would be a lie. */
function parseManagedEncryption(text: string): AwsError | undefined {
  const value = booleanOf(text);
  if (value === undefined) return errors.invalidAttributeValue('SqsManagedSseEnabled');
  return value ? errors.notAvailable('SqsManagedSseEnabled', 'Server-side encryption') : undefined;
}

function booleanOf(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

/** The attributes that CreateQueue and SetQueueAttributes can give, as GetQueueAttributes shows them. */
export function renderSettings(queue: QueueSettings & Pick<Queue, 'isFifo'>): Record<string, string> {
  const shown: Record<string, string> = {
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MaximumMessageSize: String(queue.messageBytesMax),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    DelaySeconds: String(queue.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.waitSeconds),
    SqsManagedSseEnabled: 'false',
  };
  if (queue.policy !== undefined) shown['Policy'] = queue.policy;
  if (queue.redrivePolicy !== undefined) shown['RedrivePolicy'] = JSON.stringify(queue.redrivePolicy);
  if (queue.redriveAllowPolicy !== undefined) shown['RedriveAllowPolicy'] = JSON.stringify(queue.redriveAllowPolicy);
  if (queue.isFifo) {
    shown['FifoQueue'] = 'true';
    shown['ContentBasedDeduplication'] = String(queue.hasContentBasedDeduplication === true);
    shown['DeduplicationScope'] = queue.deduplicationScope ?? 'queue';
    shown['FifoThroughputLimit'] = queue.throughputLimit ?? 'perQueue';
  }
  return shown;
}
