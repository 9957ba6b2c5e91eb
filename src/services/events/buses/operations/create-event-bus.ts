// CreateEventBus: a custom bus, or the bus of a partner event source.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { CreateEventBusInput, CreateEventBusOutput } from '#wire/generated/events.ts';
import { onBus } from '../../access.ts';
import { alreadyExists, validation } from '../../errors.ts';
import { partnerBusChanged, partnerBusProblem } from '../../partners/life.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { mergedTags } from '../../tags.ts';
import type { BusDoc } from '../documents.ts';
import { busArn, busKey, DEFAULT_BUS } from '../find-bus.ts';
import { busInputProblem, mergedSettings, shownSettings } from '../settings.ts';
import { busTagsProblem } from '../tags-problem.ts';

export const createEventBus = operation<EventsState, CreateEventBusInput, CreateEventBusOutput>({
  authorize: onBus(
    'CreateEventBus',
    ({ Name }) => Name ?? '',
    ({ Tags }) => Tags,
  ),
  decide(turn, input): Reply<CreateEventBusOutput> {
    const { scope, nowMs } = turn;
    const problem = busInputProblem(input, true) ?? nameProblem(turn, input);
    if (problem !== undefined) return refuse(problem);
    const { buses } = turn.state;
    const name = input.Name ?? '';
    const key = busKey(scope, name);
    if (name === DEFAULT_BUS || buses.buses.has(key)) return refuse(alreadyExists(`Event bus ${name} already exists.`));
    const settings = mergedSettings({}, input);
    if (isRefused(settings)) return settings;
    const tags = mergedTags([], input.Tags);
    if (isRefused(tags)) return tags;
    const arn = busArn(scope, name);
    const refused = busTagsProblem(turn, arn, tags);
    if (refused !== undefined) return refuse(refused);
    const doc: BusDoc = {
      name,
      arn,
      number: buses.nextNumber,
      account: scope.account,
      region: scope.region,
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
      eventSourceName: input.EventSourceName,
      ...settings,
      tags,
    };
    turn.put(buses.buses, key, doc);
    partnerBusChanged(turn, doc);
    return { output: { EventBusArn: arn, ...shownSettings(doc) } };
  },
});

/** AWS: API reference, CreateEventBus: only partner buses have slashes, and the name of their event source. */
function nameProblem(
  turn: EventsTurn,
  { Name = '', EventSourceName: source }: CreateEventBusInput,
): AwsError | undefined {
  if (source === undefined) return Name.includes('/') ? validation("Event bus name must not contain '/'.") : undefined;
  return partnerBusProblem(turn, Name, source);
}
