// IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod. Texts: answers of AWS as kinesalite's test suite records them, with today's
// bounds. What a shorter period expires is gone at once.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type {
  DecreaseStreamRetentionPeriodInput,
  IncreaseStreamRetentionPeriodInput,
} from '#wire/generated/kinesis.ts';
import type { StreamDoc } from '../documents.ts';
import { invalidArgument } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { RETENTION_HOURS } from '../limits.ts';
import type { KinesisState } from '../state.ts';
import { keptSinceMs } from '../trim.ts';
import { updateStream } from '../update-stream.ts';

type Input = IncreaseStreamRetentionPeriodInput & DecreaseStreamRetentionPeriodInput;

function change(action: string, problemOf: (doc: StreamDoc, hours: number) => AwsError | undefined) {
  return operation<KinesisState, Input, object>({
    authorize: onStream(action),
    decide(turn, input): Reply<object> {
      const stream = findStream(turn, input, (validation) =>
        validation.required('retentionPeriodHours', input.RetentionPeriodHours),
      );
      if (isRefused(stream)) return stream;
      const hours = input.RetentionPeriodHours as number;
      const problem = boundsProblem(hours) ?? problemOf(stream.doc, hours);
      if (problem !== undefined) return refuse(problem);
      updateStream(turn, stream, { retentionHours: hours, horizonMs: keptSinceMs(stream, turn.nowMs) });
      return { output: {} };
    },
  });
}

function boundsProblem(hours: number): AwsError | undefined {
  const { min, max } = RETENTION_HOURS;
  if (hours < min) {
    return invalidArgument(
      `Minimum allowed retention period is ${min} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours <= max) return undefined;
  return invalidArgument(
    `Maximum allowed retention period is ${max} hours. Requested retention period (${hours} hours) is too long.`,
  );
}

export const increaseStreamRetentionPeriod = change('IncreaseStreamRetentionPeriod', (doc, hours) =>
  hours >= doc.retentionHours
    ? undefined
    : invalidArgument(
        `Requested retention period (${hours} hours) for stream ${doc.name} can not be shorter than existing retention period (${doc.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      ),
);

export const decreaseStreamRetentionPeriod = change('DecreaseStreamRetentionPeriod', (doc, hours) =>
  hours <= doc.retentionHours
    ? undefined
    : invalidArgument(
        `Requested retention period (${hours} hours) for stream ${doc.name} can not be longer than existing retention period (${doc.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      ),
);
