import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeletePartnerEventSourceInput, DeletePartnerEventSourceOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { accountConstraints, sourceConstraints } from '../constraints.ts';
import { findOffered, onSource, sourceOf } from '../find.ts';
import { endSource } from '../life.ts';

/** botocore lists no error for a source that does not exist, or not for that account: it is deleted already. */
export const deletePartnerEventSource = operation<
  EventsState,
  DeletePartnerEventSourceInput,
  DeletePartnerEventSourceOutput
>({
  authorize: onSource('DeletePartnerEventSource', ({ Name }) => Name),
  decide(turn, { Name, Account }) {
    const broken = accountConstraints(Account, sourceConstraints('name', Name)).text;
    if (broken !== undefined) return refuse(validation(broken));
    const offered = findOffered(turn, Name ?? '');
    if (isRefused(offered) || offered.customer !== Account) return { output: {} };
    const source = sourceOf(turn.state, offered);
    if (source !== undefined) endSource(turn, source);
    return { output: {} };
  },
});
