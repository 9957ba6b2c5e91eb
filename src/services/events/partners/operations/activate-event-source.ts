// ActivateEventSource and DeactivateEventSource: the customer wants the events, or not for now. The bus stays. What is in that state already
// stays in it.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  ActivateEventSourceInput,
  ActivateEventSourceOutput,
  DeactivateEventSourceInput,
  DeactivateEventSourceOutput,
} from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { sourceConstraints } from '../constraints.ts';
import { sourceHasNoBus, sourceIsDeleted } from '../errors.ts';
import { busOf, findSource, onSource } from '../find.ts';
import { putSource } from '../life.ts';

export const activateEventSource = switching<ActivateEventSourceInput, ActivateEventSourceOutput>(
  'ActivateEventSource',
  false,
);
export const deactivateEventSource = switching<DeactivateEventSourceInput, DeactivateEventSourceOutput>(
  'DeactivateEventSource',
  true,
);

function switching<I extends { readonly Name?: string | undefined }, O>(action: string, isDeactivated: boolean) {
  return operation<EventsState, I, O>({
    authorize: onSource<I>(action, ({ Name }) => Name),
    decide(turn, { Name }) {
      const broken = sourceConstraints('name', Name).text;
      if (broken !== undefined) return refuse(validation(broken));
      const name = Name ?? '';
      const source = findSource(turn, name);
      if (isRefused(source)) return source;
      if (source.isDeleted) return refuse(sourceIsDeleted(name));
      if (busOf(turn.state, source) === undefined) return refuse(sourceHasNoBus(name));
      if (source.isDeactivated !== isDeactivated) putSource(turn, { ...source, isDeactivated });
      return { output: {} as O };
    },
  });
}
