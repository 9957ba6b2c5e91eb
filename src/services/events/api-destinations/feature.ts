import { bind, on } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { ApiDestinationPaced } from './facts.ts';
import { createApiDestination } from './operations/create-api-destination.ts';
import { deleteApiDestination } from './operations/delete-api-destination.ts';
import { describeApiDestination } from './operations/describe-api-destination.ts';
import { listApiDestinations } from './operations/list-api-destinations.ts';
import { updateApiDestination } from './operations/update-api-destination.ts';
import { answered } from './sending/answered.ts';
import { ANSWER_REACTION, PACE_TIMER, paceReached } from './sending/pump.ts';

export const apiDestinations: Feature = {
  operations: {
    CreateApiDestination: createApiDestination,
    DeleteApiDestination: deleteApiDestination,
    DescribeApiDestination: describeApiDestination,
    ListApiDestinations: listApiDestinations,
    UpdateApiDestination: updateApiDestination,
  },
  tables: (state) => [bind(state.apiDestinations.table)],
  facts: [
    on(ApiDestinationPaced, (_state, { destinationArn, untilMs }, { timers }) =>
      timers.set(PACE_TIMER, destinationArn, untilMs),
    ),
  ],
  timers: { [PACE_TIMER]: paceReached },
  reactions: { [ANSWER_REACTION]: answered },
};
