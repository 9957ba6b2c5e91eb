// ListDeliveryStreams. AWS: "in alphabetical order of their names", ten without a limit.

import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { ListDeliveryStreamsInput, ListDeliveryStreamsOutput } from '#wire/generated/firehose.ts';
import { streamKey } from '../find-stream.ts';
import { LIST_PAGE } from '../limits.ts';
import { shapeProblem } from '../named.ts';
import { number, oneOf, structure } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';
import { typeOf } from '../views.ts';

const SHAPE = structure({
  Limit: number(1, 10_000),
  DeliveryStreamType: oneOf('DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'),
  ExclusiveStartDeliveryStreamName: STREAM_NAME,
});

export const listDeliveryStreams = operation<FirehoseState, ListDeliveryStreamsInput, ListDeliveryStreamsOutput>({
  authorize: ({ scope }) => ({
    action: 'firehose:ListDeliveryStreams',
    resource: '*',
    resourceAccount: scope.account,
  }),
  decide({ state, scope }, input): Reply<ListDeliveryStreamsOutput> {
    const problem = shapeProblem(input, SHAPE);
    if (problem !== undefined) return refuse(problem);
    const { Limit: limit = LIST_PAGE, DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after } = input;
    const { items, lastKey } = state.streams.page({
      prefix: scopePrefix(scope),
      ...(after === undefined ? {} : { afterKey: streamKey(scope, after) }),
      limit,
      where: (doc) => type === undefined || typeOf(doc) === type,
    });
    const names = items.map(({ doc }) => doc.name);
    return { output: { DeliveryStreamNames: names, HasMoreDeliveryStreams: lastKey !== undefined } };
  },
});
