// What a target gets: the schedule's Input with its context attributes filled in, or AWS's default notification.

import { formatDateTime } from '#wire/timestamps.ts';
import { type ScheduleAddress, scheduleArn } from './arns.ts';

export interface Run {
  readonly address: ScheduleAddress;
  readonly executionId: string;
  readonly plannedAtMs: number;
}

/** Filled in by the deliveries, attempt by attempt. */
export const ATTEMPT_NUMBER = '<aws.scheduler.attempt-number>';

/** AWS, Scheduler user guide, "Adding context attributes". */
export function renderInput(input: string | undefined, run: Run, uuid: () => string): string {
  if (input === undefined) return defaultNotification(run, uuid());
  if (!input.includes('<aws.scheduler.')) return input;
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn(run.address))
    .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime(run))
    .replaceAll('<aws.scheduler.execution-id>', run.executionId);
}

/** `2022-03-22T18:59:43Z` */
export function scheduledTime({ plannedAtMs }: Run): string {
  return formatDateTime(Math.floor(plannedAtMs / 1_000) * 1_000);
}

/** As functions without Input get it: `detail` is the text of an empty object, not one. Source: events that users published. */
function defaultNotification(run: Run, id: string): string {
  const { address } = run;
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: address.scope.account,
    time: scheduledTime(run),
    region: address.scope.region,
    resources: [scheduleArn(address)],
    detail: '{}',
  });
}
