import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { arnConstraints } from '../constraints.ts';
import { findTagged, taggedAccess } from '../find-tagged.ts';

export const listTagsForResource = operation<EventsState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: (turn, { ResourceARN: arn }) => taggedAccess(turn, 'ListTagsForResource', { arn }),
  decide(turn, { ResourceARN }): Reply<ListTagsForResourceOutput> {
    const broken = arnConstraints(new Validation(), ResourceARN).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findTagged(turn, ResourceARN);
    return isRefused(found) ? found : { output: { Tags: found.tags } };
  },
});
