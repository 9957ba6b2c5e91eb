import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { TagResourceInput, TagResourceOutput } from '#wire/generated/events.ts';
import { requestTags } from '../../access.ts';
import { tagConstraints } from '../../constraints.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { mergedTags } from '../../tags.ts';
import { arnConstraints } from '../constraints.ts';
import { findTagged, taggedAccess } from '../find-tagged.ts';

export const tagResource = operation<EventsState, TagResourceInput, TagResourceOutput>({
  authorize: (turn, { ResourceARN: arn, Tags }) =>
    taggedAccess(turn, 'TagResource', { arn, context: requestTags(Tags) }),
  decide(turn, { ResourceARN, Tags }): Reply<TagResourceOutput> {
    const broken = tagConstraints(arnConstraints(new Validation(), ResourceARN).required('tags', Tags), Tags).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findTagged(turn, ResourceARN);
    if (isRefused(found)) return found;
    const tags = mergedTags(found.tags, Tags);
    if (isRefused(tags)) return tags;
    const problem = found.write(tags);
    return problem === undefined ? { output: {} } : refuse(problem);
  },
});
