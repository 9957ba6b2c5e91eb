// Warm throughput of on-demand streams: as many open shards as take that much at AWS's mebibyte a second each, at once. AWS: API reference,
// UpdateStreamWarmThroughput. It is for accounts that have committed themselves to pay for a minimum; here that costs nothing.

import type { AwsError } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { isCommitted } from './account.ts';
import type { StreamDoc, StreamMode } from './documents.ts';
import { invalidArgument, limitExceeded, validationError } from './errors.ts';
import { SHARDS_PER_STREAM_MAX } from './limits.ts';
import { scale } from './scaling.ts';
import type { Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';
import { updateStream } from './update-stream.ts';

export function checkWarmThroughput(validation: Validation, mebibytes: number | undefined): Validation {
  return validation.range('warmThroughputMiBps', mebibytes, { min: 0, max: Number.POSITIVE_INFINITY });
}

/** Texts are not AWS's. */
export function warmProblem(turn: KinesisTurn, mode: StreamMode, mebibytes: number | undefined): AwsError | undefined {
  if (mebibytes === undefined) return undefined;
  if (mode !== 'ON_DEMAND')
    return invalidArgument('WarmThroughputMiBps is only for streams with capacity mode ON_DEMAND.');
  if (!isCommitted(turn)) {
    return validationError('Warm throughput needs MinimumThroughputBillingCommitment to be enabled for the account.');
  }
  if (mebibytes <= SHARDS_PER_STREAM_MAX) return undefined;
  return limitExceeded(`The warm throughput of a stream can be at most ${SHARDS_PER_STREAM_MAX} MiB per second.`);
}

/** Never fewer shards than there are: what is warm stays warm. */
export function warm(turn: KinesisTurn, stream: Stream, mebibytes: number, more: Partial<StreamDoc> = {}): void {
  const change = { ...more, warmMebibytes: mebibytes };
  if (mebibytes > stream.router.open.length) scale(turn, stream, mebibytes, change);
  else updateStream(turn, stream, change);
}
