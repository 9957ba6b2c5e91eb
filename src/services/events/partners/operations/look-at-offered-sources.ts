// What a partner sees of the sources that it made.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  DescribePartnerEventSourceInput,
  DescribePartnerEventSourceOutput,
  ListPartnerEventSourceAccountsInput,
  ListPartnerEventSourceAccountsOutput,
  ListPartnerEventSourcesInput,
  ListPartnerEventSourcesOutput,
} from '#wire/generated/events.ts';
import { invalidToken } from '../../connections/errors.ts';
import { listPage } from '../../connections/pages.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { offeredListConstraints, pageOfSourcesConstraints, sourceConstraints } from '../constraints.ts';
import { findOffered, onAllSources, onSource, sourceArn, sourceOf } from '../find.ts';
import { shownAccount } from '../views.ts';

export const describePartnerEventSource = operation<
  EventsState,
  DescribePartnerEventSourceInput,
  DescribePartnerEventSourceOutput
>({
  authorize: onSource('DescribePartnerEventSource', ({ Name }) => Name),
  decide(turn, { Name }) {
    const broken = sourceConstraints('name', Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const offered = findOffered(turn, Name ?? '');
    if (isRefused(offered)) return offered;
    return { output: { Arn: sourceArn(offered.region, offered.name), Name: offered.name } };
  },
});

export const listPartnerEventSources = operation<
  EventsState,
  ListPartnerEventSourcesInput,
  ListPartnerEventSourcesOutput
>({
  authorize: onAllSources('ListPartnerEventSources'),
  decide(turn, input) {
    const broken = offeredListConstraints(input).text;
    if (broken !== undefined) return refuse(validation(broken));
    const { NamePrefix, Limit, NextToken } = input;
    const page = listPage(turn, {
      table: turn.state.partners.offered,
      list: ['partner-event-sources', NamePrefix],
      namePrefix: NamePrefix,
      where: () => true,
      limit: Limit,
      token: NextToken,
    });
    if (isRefused(page)) return page;
    const shown = page.docs.map(({ region, name }) => ({ Arn: sourceArn(region, name), Name: name }));
    return { output: { PartnerEventSources: shown, NextToken: page.nextToken } };
  },
});

/** A source is for one account: the list has one, and no second page. */
export const listPartnerEventSourceAccounts = operation<
  EventsState,
  ListPartnerEventSourceAccountsInput,
  ListPartnerEventSourceAccountsOutput
>({
  authorize: onSource('ListPartnerEventSourceAccounts', ({ EventSourceName }) => EventSourceName),
  decide(turn, input) {
    const { EventSourceName: name, NextToken } = input;
    const broken = pageOfSourcesConstraints(input, sourceConstraints('eventSourceName', name)).text;
    if (broken !== undefined) return refuse(validation(broken));
    if (NextToken !== undefined) return refuse(invalidToken());
    const offered = findOffered(turn, name ?? '');
    if (isRefused(offered)) return offered;
    const source = sourceOf(turn.state, offered);
    const accounts = source === undefined ? [] : [shownAccount(turn.state, source)];
    return { output: { PartnerEventSourceAccounts: accounts } };
  },
});
