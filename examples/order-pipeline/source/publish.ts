// Puts events on the shop's bus, until every one of them was taken: PutEvents answers for each entry on its own.

import type { EventBridge, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** PutEvents takes so many at once. */
export const ENTRIES_MAX = 10;

export interface NewEvent {
  readonly source: string;
  readonly type: string;
  readonly detail: object;
}

/** The ids of the events, in order. */
export async function publish(events: EventBridge, bus: string, list: readonly NewEvent[]): Promise<string[]> {
  const ids = new Array<string>(list.length).fill('');
  let open = list.map((_, i) => i);
  for (let round = 0; open.length > 0; round += 1) {
    const { Entries = [] } = await events.putEvents({ Entries: open.map((i) => entryOf(bus, list[i] as NewEvent)) });
    const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused !== undefined && round >= 5) throw new Error(`${refused.ErrorCode}: ${refused.ErrorMessage}`);
    open.forEach((i, at) => {
      ids[i] = Entries[at]?.EventId ?? '';
    });
    open = open.filter((i) => ids[i] === '');
  }
  return ids;
}

function entryOf(EventBusName: string, { source, type, detail }: NewEvent): PutEventsRequestEntry {
  return { EventBusName, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
}
