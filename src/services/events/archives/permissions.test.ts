import { describe, expect, it } from 'vitest';
import { TestIam } from '#cell/testing.ts';
import { ARCHIVE_ARN, ArchiveBench, BUS_ARN } from './testing.ts';

const REPLAY_ARN = 'arn:aws:events:us-east-1:000000000000:replay/again';

// AWS: Service Authorization Reference, "Actions defined by Amazon EventBridge", required resource types.
describe('permissions of archives and replays', () => {
  it.each([
    ['CreateArchive', { ArchiveName: 'sales', EventSourceArn: BUS_ARN }, [ARCHIVE_ARN, BUS_ARN]],
    ['UpdateArchive', { ArchiveName: 'sales' }, [ARCHIVE_ARN]],
    ['DeleteArchive', { ArchiveName: 'sales' }, [ARCHIVE_ARN]],
    ['DescribeArchive', { ArchiveName: 'sales' }, [ARCHIVE_ARN]],
    ['ListArchives', {}, ['*']],
    [
      'StartReplay',
      { ReplayName: 'again', EventSourceArn: ARCHIVE_ARN, Destination: { Arn: BUS_ARN } },
      [ARCHIVE_ARN, BUS_ARN, REPLAY_ARN],
    ],
    ['CancelReplay', { ReplayName: 'again' }, [REPLAY_ARN]],
    ['DescribeReplay', { ReplayName: 'again' }, [REPLAY_ARN]],
    ['ListReplays', {}, ['*']],
  ])('%s asks for its resources', async (action, input, resources) => {
    const iam = new TestIam();
    const bench = await ArchiveBench.open([iam.definition], 'enforce');
    iam.takeAsked();
    await bench.refusal(action, input);
    const asked = iam.takeAsked().map((request) => `${request.action} ${request.resource}`);
    expect(asked).toEqual(resources.map((resource) => `events:${action} ${resource}`));
  });
});
