// What every operation checks first: the stream's name, and that the stream is there.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { validation } from './errors.ts';
import { findStream } from './find-stream.ts';
import { type Shape, structure, violation } from './settings/shape.ts';
import { STREAM_NAME } from './settings/shapes.ts';
import type { FirehoseTurn, StreamContent } from './state.ts';

const NAME = structure({ DeliveryStreamName: STREAM_NAME }, 'DeliveryStreamName');

interface NamedStream {
  readonly DeliveryStreamName?: string | undefined;
}

export function shapeProblem(input: object, shape: Shape): AwsError | undefined {
  const broken = violation(input, shape);
  return broken === undefined ? undefined : validation(broken);
}

/** By the members' shape, when the operation has more of them than the name. */
export function namedStream(turn: FirehoseTurn, input: NamedStream, shape: Shape = NAME): StreamContent | Refused {
  const problem = shapeProblem(input, shape);
  return problem === undefined ? findStream(turn, input.DeliveryStreamName ?? '') : refuse(problem);
}
