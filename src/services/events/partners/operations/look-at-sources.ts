// What a customer sees of the sources that partners made for it.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  DescribeEventSourceInput,
  DescribeEventSourceOutput,
  ListEventSourcesInput,
  ListEventSourcesOutput,
} from '#wire/generated/events.ts';
import { listPage } from '../../connections/pages.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { sourceConstraints, sourceListConstraints } from '../constraints.ts';
import { findSource, onAllSources, onSource } from '../find.ts';
import { shownSource } from '../views.ts';

export const describeEventSource = operation<EventsState, DescribeEventSourceInput, DescribeEventSourceOutput>({
  authorize: onSource('DescribeEventSource', ({ Name }) => Name),
  decide(turn, { Name }) {
    const broken = sourceConstraints('name', Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const source = findSource(turn, Name ?? '');
    return isRefused(source) ? source : { output: shownSource(turn.state, source) };
  },
});

export const listEventSources = operation<EventsState, ListEventSourcesInput, ListEventSourcesOutput>({
  authorize: onAllSources('ListEventSources'),
  decide(turn, input) {
    const broken = sourceListConstraints(input).text;
    if (broken !== undefined) return refuse(validation(broken));
    const { NamePrefix, Limit, NextToken } = input;
    const page = listPage(turn, {
      table: turn.state.partners.sources,
      list: ['event-sources', NamePrefix],
      namePrefix: NamePrefix,
      where: () => true,
      limit: Limit,
      token: NextToken,
    });
    if (isRefused(page)) return page;
    const shown = page.docs.map((source) => shownSource(turn.state, source));
    return { output: { EventSources: shown, NextToken: page.nextToken } };
  },
});
