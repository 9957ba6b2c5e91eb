import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type { CreateEventBusInput, CreateEventBusOutput } from '#wire/generated/events.ts';
import { alreadyExists } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { busArn, busKey, DEFAULT_BUS } from '../find-bus.ts';

export const createEventBus = operation<EventsState, CreateEventBusInput, CreateEventBusOutput>({
  authorize: undefined,
  decide(turn, input): Reply<CreateEventBusOutput> {
    const { Name: name = '' } = input;
    const { buses } = turn.state;
    const key = busKey(turn.scope, name);
    if (name === DEFAULT_BUS || buses.buses.has(key)) return refuse(alreadyExists(`Event bus ${name} already exists.`));
    const arn = busArn(turn.scope, name);
    turn.put(buses.buses, key, {
      name,
      arn,
      number: buses.nextNumber,
      account: turn.scope.account,
      region: turn.scope.region,
      createdAtMs: turn.nowMs,
      modifiedAtMs: turn.nowMs,
      tags: [],
    });
    return { output: { EventBusArn: arn } };
  },
});
