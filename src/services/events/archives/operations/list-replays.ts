import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListReplaysInput, ListReplaysOutput } from '#wire/generated/events.ts';
import { listPage } from '../../connections/pages.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { listConstraints } from '../constraints.ts';
import type { ReplayDoc } from '../documents.ts';
import { manyFilters } from '../errors.ts';
import { permission } from '../find.ts';
import { REPLAY_NAME_LENGTH_MAX } from '../limits.ts';
import { REPLAY_STATES, replayState, shownReplay } from '../views.ts';

export const listReplays = operation<EventsState, ListReplaysInput, ListReplaysOutput>({
  authorize: (turn) => permission(turn, 'ListReplays', '*'),
  decide(turn, input) {
    const { NamePrefix, EventSourceArn, State, NextToken, Limit } = input;
    const broken = listConstraints(input, { nameLengthMax: REPLAY_NAME_LENGTH_MAX, states: REPLAY_STATES }).text;
    if (broken !== undefined) return refuse(validation(broken));
    const filters = [NamePrefix, EventSourceArn, State];
    if (filters.filter((filter) => filter !== undefined).length > 1) return refuse(manyFilters('ListReplays'));
    const { replays, runs } = turn.state.archives;
    const hasState = ({ number }: ReplayDoc): boolean => {
      const run = runs.get(number);
      return State === undefined || (run !== undefined && replayState(run) === State);
    };
    const page = listPage(turn, {
      table: replays,
      list: ['replays', ...filters],
      namePrefix: NamePrefix,
      where: (doc) => (EventSourceArn === undefined || doc.archiveArn === EventSourceArn) && hasState(doc),
      limit: Limit,
      token: NextToken,
    });
    if (isRefused(page)) return page;
    const shown = page.docs.flatMap(({ number }) => runs.get(number) ?? []).map(shownReplay);
    return { output: { Replays: shown, NextToken: page.nextToken } };
  },
});
