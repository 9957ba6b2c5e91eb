// ListEventBuses: the default bus is among them, also before anything has happened on it.

import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListEventBusesInput, ListEventBusesOutput } from '#wire/generated/events.ts';
import { onAccount } from '../../access.ts';
import { invalidToken } from '../../connections/errors.ts';
import { busNameConstraints, pageConstraints } from '../../constraints.ts';
import { validation } from '../../errors.ts';
import { PAGE_MAX } from '../../limits.ts';
import { openToken, sealToken } from '../../page-token.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import type { BusDoc } from '../documents.ts';
import { busKey, DEFAULT_BUS, lookUpBus } from '../find-bus.ts';
import { shownTimes } from '../views.ts';

export const listEventBuses = operation<EventsState, ListEventBusesInput, ListEventBusesOutput>({
  authorize: onAccount('ListEventBuses'),
  decide(turn, input): Reply<ListEventBusesOutput> {
    const { NamePrefix: prefix = '', NextToken: token, Limit: limit = PAGE_MAX } = input;
    const broken = pageConstraints(busNameConstraints(new Validation(), 'namePrefix', input.NamePrefix), input).text;
    if (broken !== undefined) return refuse(validation(broken));
    const list = `buses\n${prefix}`;
    const after = token === undefined ? '' : openToken(turn, list, token);
    if (after === undefined) return refuse(invalidToken());
    const rest = busesOf(turn).filter(({ name }) => name.startsWith(prefix) && name > after);
    const page = rest.slice(0, limit);
    const last = page[page.length - 1];
    const hasMore = rest.length > page.length && last !== undefined;
    return {
      output: { EventBuses: page.map(shown), NextToken: hasMore ? sealToken(turn, list, last.name) : undefined },
    };
  },
});

/** In the order of their names; a default bus that nobody has touched has no document. */
function busesOf({ state, scope }: EventsTurn): readonly BusDoc[] {
  const kept = state.buses.buses.list(busKey(scope, ''));
  const found = lookUpBus(state, { scope, name: DEFAULT_BUS });
  const all = found === undefined || found.number !== 0 ? kept : [...kept, found];
  return [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shown(bus: BusDoc) {
  const { name, arn, description, policy } = bus;
  return { Name: name, Arn: arn, Description: description, Policy: policy, ...shownTimes(bus) };
}
