// Partner event sources, and other events that no program of the account puts.

import { bind, on } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { EventTakenIn, PartnerEventDropped } from './facts.ts';
import { EXPIRE_TIMER, expireSource, sourceChanged } from './life.ts';
import { activateEventSource, deactivateEventSource } from './operations/activate-event-source.ts';
import { createPartnerEventSource } from './operations/create-partner-event-source.ts';
import { deletePartnerEventSource } from './operations/delete-partner-event-source.ts';
import { emitSampleEvent } from './operations/emit-sample-event.ts';
import {
  describePartnerEventSource,
  listPartnerEventSourceAccounts,
  listPartnerEventSources,
} from './operations/look-at-offered-sources.ts';
import { describeEventSource, listEventSources } from './operations/look-at-sources.ts';
import { offerWebhookSources } from './operations/offer-webhook-sources.ts';
import { putPartnerEvents } from './operations/put-partner-events.ts';
import { putWebhookEvents } from './operations/put-webhook-events.ts';

export const partners: Feature = {
  operations: {
    ActivateEventSource: activateEventSource,
    CreatePartnerEventSource: createPartnerEventSource,
    DeactivateEventSource: deactivateEventSource,
    DeletePartnerEventSource: deletePartnerEventSource,
    DescribeEventSource: describeEventSource,
    DescribePartnerEventSource: describePartnerEventSource,
    ListEventSources: listEventSources,
    ListPartnerEventSourceAccounts: listPartnerEventSourceAccounts,
    ListPartnerEventSources: listPartnerEventSources,
    PutPartnerEvents: putPartnerEvents,
    // The server's own: no request can name them.
    '(emit-sample-event)': emitSampleEvent,
    '(offer-webhook-sources)': offerWebhookSources,
    '(put-webhook-events)': putWebhookEvents,
  },
  tables: ({ partners: { offered, sources } }) => [bind(offered), bind(sources, sourceChanged)],
  facts: [on(EventTakenIn, () => {}), on(PartnerEventDropped, () => {})],
  timers: { [EXPIRE_TIMER]: expireSource },
};
