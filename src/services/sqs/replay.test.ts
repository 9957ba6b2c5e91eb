// Random lives of queues: whatever happened, replaying the journal and restoring a snapshot end in the same state as life.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteWriter } from '#base/bytes.ts';
import { arnOf, SqsTest } from './testing.ts';

const NAMES = ['plain', 'dead', 'g.fifo', 'dead.fifo'];

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      to: fc.nat(3),
      group: fc.constantFrom('a', 'b', 'c'),
      delay: fc.constantFrom(0, 0, 2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      from: fc.nat(3),
      count: fc.integer({ min: 1, max: 10 }),
      hide: fc.constantFrom(0, 1, 5),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('change' as const), pick: fc.nat(40), seconds: fc.constantFrom(0, 3) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 4_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(61_000, 301_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), from: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), from: fc.constantFrom(1, 3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recreate' as const), which: fc.constantFrom(0, 2) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function urlOf(which: number): string {
  return `http://h/000000000000/${NAMES[which]}`;
}

async function createQueues(test: SqsTest): Promise<void> {
  await test.queue('dead', { MessageRetentionPeriod: '60' });
  await test.queue('dead.fifo', { ContentBasedDeduplication: 'true' });
  await createSource(test, 0);
  await createSource(test, 2);
}

function createSource(test: SqsTest, which: number): Promise<string> {
  const name = NAMES[which] as string;
  const target = NAMES[which + 1] as string;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(target), maxReceiveCount: 2 });
  const content: Record<string, string> = which === 2 ? { ContentBasedDeduplication: 'true' } : {};
  return test.queue(name, { RedrivePolicy, ...content });
}

/** Runs one step; refusals are part of life. */
async function run(test: SqsTest, one: Step, handles: { url: string; handle: string }[]): Promise<void> {
  const call = (name: string, input: object) => test.cell.reply('sqs', name, input);
  switch (one.do) {
    case 'send': {
      const fifo = one.to >= 2;
      const extra = fifo ? { MessageGroupId: one.group } : { DelaySeconds: one.delay, MessageGroupId: one.group };
      await call('SendMessage', { QueueUrl: urlOf(one.to), MessageBody: `${handles.length % 7}`, ...extra });
      return;
    }
    case 'receive': {
      const url = urlOf(one.from);
      const input = { MaxNumberOfMessages: one.count, VisibilityTimeout: one.hide };
      for (const message of await test.receive(url, input))
        handles.push({ url, handle: message.ReceiptHandle as string });
      return;
    }
    case 'delete':
    case 'change': {
      const picked = handles[one.pick % Math.max(1, handles.length)];
      if (picked === undefined) return;
      const named = { QueueUrl: picked.url, ReceiptHandle: picked.handle };
      if (one.do === 'delete') await call('DeleteMessage', named);
      else await call('ChangeMessageVisibility', { ...named, VisibilityTimeout: one.seconds });
      return;
    }
    case 'wait':
      return test.cell.advance(one.ms);
    case 'purge':
      await call('PurgeQueue', { QueueUrl: urlOf(one.from) });
      return;
    case 'move':
      await call('StartMessageMoveTask', { SourceArn: arnOf(NAMES[one.from] as string) });
      return;
    case 'recreate':
      await call('DeleteQueue', { QueueUrl: urlOf(one.which) });
      await createSource(test, one.which);
      return;
  }
}

function memoryOf(test: SqsTest): string {
  const { cell } = test.cell;
  const { state } = test;
  const sections = new Map<string, ByteWriter>();
  state.write((name) => {
    const writer = new ByteWriter();
    sections.set(name, writer);
    return writer;
  });
  const payloads = new ByteWriter();
  cell.payloads.write(payloads);
  sections.set('payloads', payloads);
  const backlogs = [...sections].map(([name, writer]) => `${name} ${Buffer.from(writer.bytes).toString('hex')}`);
  const tables = [...state.queues.entries(), ...state.moveTasks.entries()].map((entry) => JSON.stringify(entry));
  return [...backlogs, ...tables.sort()].join('\n');
}

it('SQS-DUR-02 replay, snapshot and life end in the same state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const test = await SqsTest.open();
      await createQueues(test);
      const handles: { url: string; handle: string }[] = [];
      for (const one of steps) await run(test, one, handles);
      expect(test.cell.fatal).toBeUndefined();
      expect(test.cell.diagnostics).toEqual([]);
      const lived = memoryOf(test);
      const replayed = await test.restart();
      expect(memoryOf(replayed)).toBe(lived);
      const restored = await replayed.restart({ clean: true });
      expect(memoryOf(restored)).toBe(lived);
      // What was retained is released once nothing is left.
      for (const name of NAMES) await restored.call('DeleteQueue', { QueueUrl: `http://h/000000000000/${name}` });
      await restored.cell.advance(0);
      expect(restored.cell.cell.payloads.count).toBe(0);
    }),
    { numRuns: 40 },
  );
});
