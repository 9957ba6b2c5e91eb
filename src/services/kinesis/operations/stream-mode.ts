// UpdateStreamMode: a stream keeps its shards. AWS: developer guide, "Switching between capacity modes".

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateStreamModeInput } from '#wire/generated/kinesis.ts';
import type { StreamDoc, StreamMode } from '../documents.ts';
import { limitExceeded } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { quotaProblem } from '../quotas.ts';
import type { Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { updateStream } from '../update-stream.ts';
import { checkWarmThroughput, warm, warmProblem } from '../warm-throughput.ts';

const MODES = ['PROVISIONED', 'ON_DEMAND'];
const DAY_MS = 86_400_000;
const SWITCHES_PER_DAY_MAX = 2;

export const updateStreamMode = operation<KinesisState, UpdateStreamModeInput, object>({
  authorize: onStream('UpdateStreamMode'),
  decide(turn, input): Reply<object> {
    const { StreamModeDetails: details, WarmThroughputMiBps: mebibytes } = input;
    const stream = findStream(turn, input, (validation) =>
      checkWarmThroughput(
        validation
          .required('streamARN', input.StreamARN)
          .required('streamModeDetails', details)
          .required('streamModeDetails.streamMode', details === undefined ? '' : details.StreamMode)
          .oneOf('streamModeDetails.streamMode', details?.StreamMode, MODES),
        mebibytes,
      ),
    );
    if (isRefused(stream)) return stream;
    const mode = details?.StreamMode as StreamMode;
    const isOther = mode !== stream.doc.mode;
    const problem =
      (isOther ? (tooOften(turn, stream) ?? quotaProblem(turn, mode, stream.router.open.length)) : undefined) ??
      warmProblem(turn, mode, mebibytes);
    if (problem !== undefined) return refuse(problem);
    const switches = recentSwitches(turn, stream.doc);
    const change = { mode, modeChangedAtMs: isOther ? [...switches, turn.nowMs] : switches };
    if (mode === 'ON_DEMAND' && mebibytes !== undefined) warm(turn, stream, mebibytes, change);
    else updateStream(turn, stream, { ...change, warmMebibytes: undefined });
    return { output: {} };
  },
});

function recentSwitches({ nowMs }: KinesisTurn, { modeChangedAtMs = [] }: StreamDoc): readonly number[] {
  return modeChangedAtMs.filter((ms) => ms > nowMs - DAY_MS).slice(-SWITCHES_PER_DAY_MAX);
}

/** AWS: developer guide, "Choose the data stream capacity mode": twice in 24 hours. The text is not AWS's. */
function tooOften(turn: KinesisTurn, { doc }: Stream): AwsError | undefined {
  if (turn.limits.mode !== 'aws' || recentSwitches(turn, doc).length < SWITCHES_PER_DAY_MAX) return undefined;
  return limitExceeded(`Stream ${doc.name} was switched ${SWITCHES_PER_DAY_MAX} times within 24 hours.`);
}
