import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListApiDestinationsInput, ListApiDestinationsOutput } from '#wire/generated/events.ts';
import { listConstraints } from '../../connections/constraints.ts';
import { listPage } from '../../connections/pages.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { connectionArnConstraints } from '../constraints.ts';
import { twoFilters } from '../errors.ts';
import { listedDestination } from '../views.ts';

export const listApiDestinations = operation<EventsState, ListApiDestinationsInput, ListApiDestinationsOutput>({
  authorize: (turn) => ({ action: 'events:ListApiDestinations', resource: '*', resourceAccount: turn.scope.account }),
  decide(turn, input) {
    const { NamePrefix, ConnectionArn, NextToken, Limit } = input;
    const broken = listConstraints(input, connectionArnConstraints(new Validation(), ConnectionArn)).text;
    if (broken !== undefined) return refuse(validation(broken));
    if (NamePrefix !== undefined && ConnectionArn !== undefined) return refuse(twoFilters());
    const page = listPage(turn, {
      table: turn.state.apiDestinations.table,
      list: ['api-destinations', NamePrefix, ConnectionArn],
      namePrefix: NamePrefix,
      where: ({ connectionArn }) => ConnectionArn === undefined || connectionArn === ConnectionArn,
      limit: Limit,
      token: NextToken,
    });
    if (isRefused(page)) return page;
    const { docs, nextToken } = page;
    const more = nextToken === undefined ? {} : { NextToken: nextToken };
    return { output: { ApiDestinations: docs.map((doc) => listedDestination(turn.state, doc)), ...more } };
  },
});
