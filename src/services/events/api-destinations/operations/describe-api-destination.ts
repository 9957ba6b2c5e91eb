import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DescribeApiDestinationInput, DescribeApiDestinationOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { nameConstraints } from '../constraints.ts';
import { destinationPermission, findDestination } from '../find-destination.ts';
import { describedDestination } from '../views.ts';

export const describeApiDestination = operation<EventsState, DescribeApiDestinationInput, DescribeApiDestinationOutput>(
  {
    authorize: destinationPermission('DescribeApiDestination'),
    decide(turn, { Name }) {
      const broken = nameConstraints(Name).text;
      if (broken !== undefined) return refuse(validation(broken));
      const found = findDestination(turn, 'describe', Name ?? '');
      return isRefused(found) ? found : { output: describedDestination(turn.state, found) };
    },
  },
);
