import { operation } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type { CreatePartnerEventSourceInput, CreatePartnerEventSourceOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { accountConstraints, sourceConstraints } from '../constraints.ts';
import { sourceExists } from '../errors.ts';
import { onSource, sourceArn, sourceKey } from '../find.ts';
import { putSource } from '../life.ts';

/** A source that was deleted while its bus stayed can be made again: then the bus has its events again. */
export const createPartnerEventSource = operation<
  EventsState,
  CreatePartnerEventSourceInput,
  CreatePartnerEventSourceOutput
>({
  authorize: onSource('CreatePartnerEventSource', ({ Name }) => Name),
  decide(turn, { Name, Account }) {
    const broken = accountConstraints(Account, sourceConstraints('name', Name)).text;
    if (broken !== undefined) return refuse(validation(broken));
    const [name, customer] = [Name ?? '', Account ?? ''];
    const { account, region } = turn.scope;
    const { offered, sources } = turn.state.partners;
    const known = sources.get(sourceKey({ account: customer, region }, name));
    const key = sourceKey(turn.scope, name);
    if (offered.has(key) || known?.isDeleted === false) return refuse(sourceExists(name));
    turn.put(offered, key, { name, account, region, customer });
    putSource(turn, {
      name,
      account: customer,
      region,
      createdAtMs: turn.nowMs,
      partner: account,
      isDeactivated: false,
      isDeleted: false,
    });
    return { output: { EventSourceArn: sourceArn(region, name) } };
  },
});
