import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { DescribeEventBusInput, DescribeEventBusOutput } from '#wire/generated/events.ts';
import { onBus } from '../../access.ts';
import { busConstraints } from '../../constraints.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { findBus } from '../find-bus.ts';
import { shownSettings } from '../settings.ts';
import { shownTimes } from '../views.ts';

export const describeEventBus = operation<EventsState, DescribeEventBusInput, DescribeEventBusOutput>({
  authorize: onBus('DescribeEventBus', ({ Name }) => Name),
  decide(turn, { Name }): Reply<DescribeEventBusOutput> {
    const broken = busConstraints(new Validation(), 'name', Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const bus = findBus(turn, Name);
    if (isRefused(bus)) return bus;
    const { name, arn, policy } = bus;
    return { output: { Name: name, Arn: arn, ...shownSettings(bus), Policy: policy, ...shownTimes(bus) } };
  },
});
