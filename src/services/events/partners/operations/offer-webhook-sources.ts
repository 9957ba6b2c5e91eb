// The server's configuration says which webhooks there are: their sources are offered to their accounts, those that it no longer names end.

import { operation } from '#cell/service-definition.ts';
import type { EventsState } from '../../state.ts';
import { sourceKey } from '../find.ts';
import { notTheServer } from '../internal.ts';
import { endSource, putSource } from '../life.ts';

export interface OfferWebhookSourcesInput {
  readonly sources: readonly { readonly account: string; readonly region: string; readonly name: string }[];
}

export const offerWebhookSources = operation<EventsState, OfferWebhookSourcesInput, object>({
  authorize: undefined,
  decide(turn, { sources: wanted }) {
    const refused = notTheServer(turn);
    if (refused !== undefined) return refused;
    const { sources } = turn.state.partners;
    const keys = new Set(wanted.map((source) => sourceKey(source, source.name)));
    for (const [key, source] of [...sources.entries()]) {
      if (source.partner === undefined && !source.isDeleted && !keys.has(key)) endSource(turn, source);
    }
    for (const source of wanted) {
      const known = sources.get(sourceKey(source, source.name));
      // One that a partner offers is the partner's.
      if (known !== undefined && !known.isDeleted) continue;
      const isDeactivated = known?.isDeactivated ?? false;
      putSource(turn, { ...source, createdAtMs: turn.nowMs, isDeactivated, isDeleted: false });
    }
    return { output: {} };
  },
});
