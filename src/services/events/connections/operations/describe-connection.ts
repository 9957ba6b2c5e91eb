import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DescribeConnectionInput, DescribeConnectionOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { nameConstraints } from '../constraints.ts';
import { connectionPermission, findConnection } from '../find-connection.ts';
import { describedConnection } from '../views.ts';

export const describeConnection = operation<EventsState, DescribeConnectionInput, DescribeConnectionOutput>({
  authorize: connectionPermission('DescribeConnection'),
  decide(turn, { Name }) {
    const broken = nameConstraints(Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findConnection(turn, Name ?? '');
    return isRefused(found) ? found : { output: describedConnection(found) };
  },
});
