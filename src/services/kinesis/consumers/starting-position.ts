// Where a subscription begins. Texts follow GetShardIterator's, which are AWS's; those of SubscribeToShard are not known.

import { CLOCK_SKEW_MS } from '#cell/stream-source.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import type { StartingPosition } from '#wire/generated/kinesis.ts';
import { shardIdOf } from '../documents.ts';
import { invalidArgument } from '../errors.ts';
import { parseSequenceNumber } from '../sequence-number.ts';
import type { Shard } from '../shard.ts';
import type { KinesisTurn } from '../state.ts';
import { SEQUENCE_NUMBER } from '../validation.ts';

export interface StartPlace {
  readonly place: number;
  /** Records that arrived before are left out. */
  readonly sinceMs: number;
}

const TYPES = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];

export function checkPosition(validation: Validation, position: StartingPosition | undefined): Validation {
  validation.required('startingPosition', position);
  if (position === undefined) return validation;
  return validation
    .required('startingPosition.type', position.Type)
    .oneOf('startingPosition.type', position.Type, TYPES)
    .pattern('startingPosition.sequenceNumber', position.SequenceNumber, SEQUENCE_NUMBER);
}

export function startPlace(turn: KinesisTurn, shard: Shard, position: StartingPosition): StartPlace | Refused {
  const { Type, SequenceNumber, Timestamp } = position;
  const problem = combinationProblem(turn, position);
  if (problem !== undefined) return refuse(problem);
  if (Type === 'TRIM_HORIZON') return { place: 0, sinceMs: 0 };
  if (Type === 'LATEST') return { place: shard.log.endPlace, sinceMs: 0 };
  if (Type === 'AT_TIMESTAMP')
    return { place: shard.log.placeSince(Timestamp as number), sinceMs: Timestamp as number };
  const place = placeOf(shard, SequenceNumber as string);
  if (isRefused(place)) return place;
  const next = Type === 'AFTER_SEQUENCE_NUMBER' ? place.place + 1 : place.place;
  return { place: Math.min(Math.max(next, 0), shard.log.endPlace), sinceMs: 0 };
}

function combinationProblem({ nowMs }: KinesisTurn, position: StartingPosition): AwsError | undefined {
  const { Type = '', SequenceNumber, Timestamp } = position;
  const wantsNumber = Type.endsWith('_SEQUENCE_NUMBER');
  if (wantsNumber !== (SequenceNumber !== undefined)) {
    const what = wantsNumber ? 'must have a SequenceNumber' : 'must not have a SequenceNumber';
    return invalidArgument(`A StartingPosition of type ${Type} ${what}.`);
  }
  if ((Type === 'AT_TIMESTAMP') !== (Timestamp !== undefined)) {
    const what = Type === 'AT_TIMESTAMP' ? 'must have a Timestamp' : 'must not have a Timestamp';
    return invalidArgument(`A StartingPosition of type ${Type} ${what}.`);
  }
  if (Timestamp === undefined || Timestamp <= nowMs + CLOCK_SKEW_MS) return undefined;
  return invalidArgument(
    `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${Timestamp}, currentTimestampInMillis: ${nowMs}`,
  );
}

function placeOf(shard: Shard, text: string): { readonly place: number } | Refused {
  const parsed = parseSequenceNumber(text);
  const shardId = shardIdOf(shard.doc.index);
  if (parsed === undefined) {
    return refuse(invalidArgument(`SequenceNumber ${text} used in SubscribeToShard on shard ${shardId} is invalid.`));
  }
  if (parsed.index !== shard.doc.index) {
    const text = `Invalid SequenceNumber. It encodes ${shardIdOf(parsed.index)}, while it was used in a call to a shard with ${shardId}`;
    return refuse(invalidArgument(text));
  }
  if (parsed.epochSeconds === shard.doc.epochSeconds) return parsed;
  const why = 'is invalid because it did not come from this stream.';
  return refuse(invalidArgument(`SequenceNumber ${text} used in SubscribeToShard on shard ${shardId} ${why}`));
}
