import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateEventBusInput, UpdateEventBusOutput } from '#wire/generated/events.ts';
import { onBus } from '../../access.ts';
import type { EventsState } from '../../state.ts';
import { findBus, putBus } from '../find-bus.ts';
import { busInputProblem, mergedSettings, shownSettings } from '../settings.ts';

export const updateEventBus = operation<EventsState, UpdateEventBusInput, UpdateEventBusOutput>({
  authorize: onBus('UpdateEventBus', ({ Name }) => Name),
  decide(turn, input): Reply<UpdateEventBusOutput> {
    const problem = busInputProblem(input, false);
    if (problem !== undefined) return refuse(problem);
    const bus = findBus(turn, input.Name);
    if (isRefused(bus)) return bus;
    const settings = mergedSettings(bus, input);
    if (isRefused(settings)) return settings;
    putBus(turn, { ...bus, ...settings });
    return { output: { Arn: bus.arn, Name: bus.name, ...shownSettings(settings) } };
  },
});
