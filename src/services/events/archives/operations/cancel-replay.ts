import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { CancelReplayInput, CancelReplayOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { replayNameConstraints } from '../constraints.ts';
import { replayNotRunning } from '../errors.ts';
import { ReplayCancelRequested } from '../facts.ts';
import { findReplay, replayPermission } from '../find.ts';
import { pumpReplay } from '../replaying/pump.ts';

/** Nothing is handed over after the step that is under way. */
export const cancelReplay = operation<EventsState, CancelReplayInput, CancelReplayOutput>({
  authorize: replayPermission('CancelReplay'),
  decide(turn, { ReplayName }) {
    const broken = replayNameConstraints(ReplayName).text;
    if (broken !== undefined) return refuse(validation(broken));
    const run = findReplay(turn, ReplayName ?? '');
    if (isRefused(run)) return run;
    if (run.ended !== undefined || run.isCancelled) return refuse(replayNotRunning(run.doc.name));
    turn.record(ReplayCancelRequested, { replay: run.number });
    pumpReplay(turn, run);
    // Recorded: also when it ends at once.
    return { output: { ReplayArn: run.doc.arn, State: 'CANCELLING' } };
  },
});
