import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DescribeReplayInput, DescribeReplayOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { replayNameConstraints } from '../constraints.ts';
import { findReplay, replayPermission } from '../find.ts';
import { shownReplay } from '../views.ts';

export const describeReplay = operation<EventsState, DescribeReplayInput, DescribeReplayOutput>({
  authorize: replayPermission('DescribeReplay'),
  decide(turn, { ReplayName }) {
    const broken = replayNameConstraints(ReplayName).text;
    if (broken !== undefined) return refuse(validation(broken));
    const run = findReplay(turn, ReplayName ?? '');
    if (isRefused(run)) return run;
    const { arn, description, busArn, ruleArns } = run.doc;
    const destination = { Arn: busArn, ...(ruleArns === undefined ? {} : { FilterArns: ruleArns }) };
    return { output: { ...shownReplay(run), ReplayArn: arn, Description: description, Destination: destination } };
  },
});
