import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListArchivesInput, ListArchivesOutput } from '#wire/generated/events.ts';
import { findBus } from '../../buses/find-bus.ts';
import { listPage } from '../../connections/pages.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { listConstraints } from '../constraints.ts';
import { manyFilters } from '../errors.ts';
import { permission } from '../find.ts';
import { ARCHIVE_NAME_LENGTH_MAX } from '../limits.ts';
import { ARCHIVE_STATE, ARCHIVE_STATES, shownArchive } from '../views.ts';

export const listArchives = operation<EventsState, ListArchivesInput, ListArchivesOutput>({
  authorize: (turn) => permission(turn, 'ListArchives', '*'),
  decide(turn, input) {
    const { NamePrefix, EventSourceArn, State, NextToken, Limit } = input;
    const bounds = { nameLengthMax: ARCHIVE_NAME_LENGTH_MAX, states: ARCHIVE_STATES };
    const broken = listConstraints(input, bounds).text;
    if (broken !== undefined) return refuse(validation(broken));
    const filters = [NamePrefix, EventSourceArn, State];
    if (filters.filter((filter) => filter !== undefined).length > 1) return refuse(manyFilters('ListArchives'));
    const bus = EventSourceArn === undefined ? undefined : findBus(turn, EventSourceArn);
    if (isRefused(bus)) return bus;
    const { archives, contents } = turn.state.archives;
    const page = listPage(turn, {
      table: archives,
      list: ['archives', ...filters],
      namePrefix: NamePrefix,
      where: ({ busArn }) => (bus === undefined || busArn === bus.arn) && (State ?? ARCHIVE_STATE) === ARCHIVE_STATE,
      limit: Limit,
      token: NextToken,
    });
    if (isRefused(page)) return page;
    const shown = page.docs.flatMap(({ number }) => contents.get(number) ?? []).map(shownArchive);
    return { output: { Archives: shown, NextToken: page.nextToken } };
  },
});
