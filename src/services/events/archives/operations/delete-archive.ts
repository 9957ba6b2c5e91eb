import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteArchiveInput, DeleteArchiveOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import { dropManagedRule } from '../../rules/managed-rule.ts';
import type { EventsState } from '../../state.ts';
import { archiveNameConstraints } from '../constraints.ts';
import { archivePermission, findArchive, nameKey } from '../find.ts';
import { pumpReplaysOf } from '../replaying/pump.ts';
import { deleteBlocks } from '../sealing.ts';

/** Its events go with it; its replays that run end as failed, those that ended stay to be looked at. */
export const deleteArchive = operation<EventsState, DeleteArchiveInput, DeleteArchiveOutput>({
  authorize: archivePermission('DeleteArchive'),
  decide(turn, { ArchiveName }) {
    const broken = archiveNameConstraints(ArchiveName).text;
    if (broken !== undefined) return refuse(validation(broken));
    const content = findArchive(turn, ArchiveName ?? '');
    if (isRefused(content)) return content;
    const { number, doc, log } = content;
    dropManagedRule(turn, doc.ruleNumber);
    turn.drop(turn.state.archives.archives, nameKey(turn.scope, doc.name));
    deleteBlocks(turn, number, log.blocks);
    pumpReplaysOf(turn, number);
    return { output: {} };
  },
});
