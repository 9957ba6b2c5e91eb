import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DescribeArchiveInput, DescribeArchiveOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { archiveNameConstraints } from '../constraints.ts';
import { archivePermission, findArchive } from '../find.ts';
import { shownArchive } from '../views.ts';

export const describeArchive = operation<EventsState, DescribeArchiveInput, DescribeArchiveOutput>({
  authorize: archivePermission('DescribeArchive'),
  decide(turn, { ArchiveName }) {
    const broken = archiveNameConstraints(ArchiveName).text;
    if (broken !== undefined) return refuse(validation(broken));
    const content = findArchive(turn, ArchiveName ?? '');
    if (isRefused(content)) return content;
    const { arn, description, eventPattern } = content.doc;
    return {
      output: { ...shownArchive(content), ArchiveArn: arn, Description: description, EventPattern: eventPattern },
    };
  },
});
