// What the facts of partners say to a person.

import type { FactKind } from '#cell/fact.ts';
import type { EventsState } from '../state.ts';
import * as facts from './facts.ts';

type Story = (fact: never, state: EventsState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: EventsState) => string): Story => story as Story;

export const partnerStories: Readonly<Record<string, Story>> = {
  EventTakenIn: told(facts.EventTakenIn, ({ eventId, source, way }) => `event ${eventId} of ${source} came by ${way}`),
  PartnerEventDropped: told(
    facts.PartnerEventDropped,
    ({ eventId, source, account }) =>
      `event ${eventId} went nowhere: account ${account} has no active event bus for the event source ${source}`,
  ),
};
