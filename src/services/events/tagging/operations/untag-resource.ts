import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { UntagResourceInput, UntagResourceOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { arnConstraints } from '../constraints.ts';
import { findTagged, taggedAccess } from '../find-tagged.ts';

export const untagResource = operation<EventsState, UntagResourceInput, UntagResourceOutput>({
  authorize: (turn, { ResourceARN: arn, TagKeys = [] }) =>
    taggedAccess(turn, 'UntagResource', { arn, context: { 'aws:TagKeys': TagKeys } }),
  decide(turn, { ResourceARN, TagKeys }): Reply<UntagResourceOutput> {
    const broken = arnConstraints(new Validation(), ResourceARN).required('tagKeys', TagKeys).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findTagged(turn, ResourceARN);
    if (isRefused(found)) return found;
    const gone = new Set(TagKeys);
    const problem = found.write(found.tags.filter(({ Key }) => !gone.has(Key)));
    return problem === undefined ? { output: {} } : refuse(problem);
  },
});
