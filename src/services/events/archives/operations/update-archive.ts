import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateArchiveInput, UpdateArchiveOutput } from '#wire/generated/events.ts';
import { busByArn } from '../../buses/find-bus.ts';
import { validation } from '../../errors.ts';
import { putManagedRule } from '../../rules/managed-rule.ts';
import type { EventsState } from '../../state.ts';
import { archiveConstraints } from '../constraints.ts';
import { archivePermission, findArchive, nameKey } from '../find.ts';
import { managedRuleOf } from '../managed-rule.ts';
import { ARCHIVE_STATE } from '../views.ts';
import { settingProblem } from './create-archive.ts';

/** What is left out stays as it is. */
export const updateArchive = operation<EventsState, UpdateArchiveInput, UpdateArchiveOutput>({
  authorize: archivePermission('UpdateArchive'),
  decide(turn, input) {
    const broken = archiveConstraints(input).text;
    if (broken !== undefined) return refuse(validation(broken));
    const problem = settingProblem(turn.state, input);
    if (problem !== undefined) return refuse(problem);
    const content = findArchive(turn, input.ArchiveName ?? '');
    if (isRefused(content)) return content;
    const before = content.doc;
    const after = {
      ...before,
      description: input.Description ?? before.description,
      eventPattern: input.EventPattern ?? before.eventPattern,
      retentionDays: input.RetentionDays ?? before.retentionDays,
    };
    const bus = busByArn(turn.state, before.busArn);
    // A rule that somebody has deleted by force is made again, with another number.
    const ruleNumber = bus === undefined ? before.ruleNumber : putManagedRule(turn, bus, managedRuleOf(after));
    turn.put(turn.state.archives.archives, nameKey(turn.scope, before.name), { ...after, ruleNumber });
    return { output: { ArchiveArn: before.arn, State: ARCHIVE_STATE, CreationTime: before.createdAtMs } };
  },
});
