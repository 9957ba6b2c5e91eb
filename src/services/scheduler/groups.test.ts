import { describe, expect, test } from 'vitest';
import { NOW, SchedulerTest, scheduleInput } from './testing.ts';

const ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports';
const RATE = 'rate(1 hour)';

describe('groups', () => {
  test('the default group is there, and stays', async () => {
    const test = await SchedulerTest.open();
    const Arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default';
    expect(await test.call('GetScheduleGroup', { Name: 'default' })).toEqual({ Arn, Name: 'default', State: 'ACTIVE' });
    expect(await test.refusal('DeleteScheduleGroup', { Name: 'default' })).toMatch(/^ValidationException: /);
    expect(await test.refusal('CreateScheduleGroup', { Name: 'default' })).toMatch(/^ConflictException: /);
    await test.call('TagResource', { ResourceArn: Arn, Tags: [{ Key: 'k', Value: 'v' }] });
    expect((await test.call('ListScheduleGroups', {})).ScheduleGroups).toHaveLength(1);
    expect(await test.refusal('CreateScheduleGroup', { Name: 'default' })).toMatch(/^ConflictException: /);
  });

  test('are created, shown and listed', async () => {
    const test = await SchedulerTest.open();
    const input = { Name: 'reports', ClientToken: 'one' };
    expect(await test.call('CreateScheduleGroup', input)).toEqual({ ScheduleGroupArn: ARN });
    expect(await test.call('CreateScheduleGroup', input)).toEqual({ ScheduleGroupArn: ARN });
    expect(await test.refusal('CreateScheduleGroup', { Name: 'reports' })).toBe(
      'ConflictException: Schedule group reports already exists.',
    );
    expect(await test.call('GetScheduleGroup', { Name: 'reports' })).toEqual({
      Arn: ARN,
      Name: 'reports',
      State: 'ACTIVE',
      CreationDate: NOW.getTime(),
      LastModificationDate: NOW.getTime(),
    });
    expect(await test.refusal('GetScheduleGroup', { Name: 'none' })).toBe(
      'ResourceNotFoundException: Schedule group none does not exist.',
    );
    await test.call('CreateScheduleGroup', { Name: 'a' });
    const first = await test.call('ListScheduleGroups', { MaxResults: 2 });
    expect(first.ScheduleGroups!.map(({ Name }) => Name)).toEqual(['a', 'default']);
    const second = await test.call('ListScheduleGroups', { MaxResults: 2, NextToken: first.NextToken });
    expect(second.ScheduleGroups!.map(({ Name }) => Name)).toEqual(['reports']);
    expect(second.NextToken).toBeUndefined();
    const filtered = await test.call('ListScheduleGroups', { NamePrefix: 'rep' });
    expect(filtered.ScheduleGroups!.map(({ Name }) => Name)).toEqual(['reports']);
  });

  test('take their schedules along', async () => {
    const test = await SchedulerTest.open();
    for (const Name of ['reports', 'reports-2']) {
      await test.call('CreateScheduleGroup', { Name });
      await test.create(RATE, { GroupName: Name });
    }
    await test.call('DeleteScheduleGroup', { Name: 'reports', ClientToken: 'one' });
    await test.call('DeleteScheduleGroup', { Name: 'reports', ClientToken: 'one' });
    expect(await test.refusal('DeleteScheduleGroup', { Name: 'reports' })).toMatch(/^ResourceNotFoundException: /);
    expect((await test.call('ListSchedules', {})).Schedules!.map(({ GroupName }) => GroupName)).toEqual(['reports-2']);
    await test.advanceMinutes(60);
    expect(test.queues.of('jobs').map(({ handOver }) => handOver.sourceArn)).toEqual(
      Array.from({ length: 2 }, () => 'arn:aws:scheduler:us-east-1:000000000000:schedule/reports-2/nightly'),
    );
  });

  test.each([{ clean: false }, { clean: true }])(
    'a large one goes step by step, also over a restart (%o)',
    async (how) => {
      const test = await SchedulerTest.open();
      await test.call('CreateScheduleGroup', { Name: 'reports' });
      for (let i = 0; i < 1_200; i += 1) {
        const input = scheduleInput('at(2027-01-01T00:00:00)', { Name: `s-${i}`, GroupName: 'reports' });
        test.cell.start('scheduler', 'CreateSchedule', input);
      }
      await test.cell.settle();
      await test.call('DeleteScheduleGroup', { Name: 'reports' });
      expect(await test.call('GetScheduleGroup', { Name: 'reports' })).toMatchObject({ State: 'DELETING' });
      const input = scheduleInput(RATE, { GroupName: 'reports', Name: 'new' });
      expect(await test.refusal('CreateSchedule', input)).toMatch(/^ConflictException: /);
      expect(await test.refusal('DeleteScheduleGroup', { Name: 'reports' })).toMatch(/^ConflictException: /);
      expect(test.state.schedules.size).toBe(700);
      const after = await test.restart(how);
      await after.cell.advance(0);
      expect(after.state.schedules.size).toBe(0);
      expect(await after.refusal('GetScheduleGroup', { Name: 'reports' })).toMatch(/^ResourceNotFoundException: /);
      expect(after.cell.cell.nextDueAtMs()).toBeUndefined();
    },
  );

  test('have tags', async () => {
    const test = await SchedulerTest.open();
    await test.call('CreateScheduleGroup', { Name: 'reports', Tags: [{ Key: 'a', Value: '1' }] });
    await test.call('TagResource', {
      ResourceArn: ARN,
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '3' },
      ],
    });
    await test.call('UntagResource', { ResourceArn: ARN, TagKeys: ['b', 'c'] });
    expect(await test.call('ListTagsForResource', { ResourceArn: ARN })).toEqual({ Tags: [{ Key: 'a', Value: '2' }] });
    const schedule = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/x';
    const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
    expect(await test.refusal('TagResource', { ResourceArn: ARN, Tags: many })).toBe(
      'ValidationException: A schedule group can have at most 50 tags.',
    );
    const reserved = { Name: 'other', Tags: [{ Key: 'aws:x', Value: 'v' }] };
    expect(await test.refusal('CreateScheduleGroup', reserved)).toContain('Tag key aws:x is reserved');
    expect(await test.refusal('TagResource', { ResourceArn: schedule, Tags: [] })).toContain("at 'resourceArn'");
    const other = ARN.replace('000000000000', '111111111111');
    expect(await test.refusal('ListTagsForResource', { ResourceArn: other })).toMatch(/^ResourceNotFoundException: /);
  });
});
