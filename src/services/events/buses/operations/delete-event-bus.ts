import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { DeleteEventBusInput, DeleteEventBusOutput } from '#wire/generated/events.ts';
import { onBus } from '../../access.ts';
import { busNameConstraints } from '../../constraints.ts';
import { validation } from '../../errors.ts';
import { partnerBusChanged } from '../../partners/life.ts';
import { ruleKey } from '../../rules/find-rule.ts';
import type { EventsState } from '../../state.ts';
import { busKey, DEFAULT_BUS } from '../find-bus.ts';

/** AWS: recorded replies; a bus that does not exist is deleted already. */
export const deleteEventBus = operation<EventsState, DeleteEventBusInput, DeleteEventBusOutput>({
  authorize: onBus('DeleteEventBus', ({ Name }) => Name ?? ''),
  decide(turn, { Name: name }): Reply<DeleteEventBusOutput> {
    const broken = busNameConstraints(new Validation().required('name', name), 'name', name).text;
    if (broken !== undefined) return refuse(validation(broken));
    if (name === DEFAULT_BUS) return refuse(validation('Cannot delete event bus default.'));
    const { buses, rules } = turn.state;
    const key = busKey(turn.scope, name ?? '');
    const bus = buses.buses.get(key);
    if (bus === undefined) return { output: {} };
    const { items } = rules.rules.page({ prefix: ruleKey(bus, ''), limit: 1 });
    if (items.length > 0) return refuse(validation("EventBus can't be deleted since it has rules."));
    turn.drop(buses.buses, key);
    partnerBusChanged(turn, bus);
    return { output: {} };
  },
});
