// What a schedule or a pipe gives a bus is the detail of an event that the bus makes.

import { describe, expect, it } from 'vitest';
import { utf8Encode } from '#base/bytes.ts';
import { defineService, operation } from '#cell/service-definition.ts';
import type { HandOverResult, TargetParameters } from '#cell/target.ts';
import { busArnOf, EventsTest, ROLE_ARN } from '../testing.ts';

interface Given {
  readonly text: string;
  readonly bus: NonNullable<TargetParameters['bus']>;
}

/** Stands for Pipes. */
const giver = defineService<object>({
  name: 'giver',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    Give: operation<object, Given, HandOverResult>({
      authorize: undefined,
      decide(turn, { text, bus }) {
        const result = turn.doors.targets.get('events')?.accept(turn, {
          sourceArn: 'arn:aws:pipes:us-east-1:000000000000:pipe/p',
          targetArn: busArnOf('default'),
          principal: { kind: 'service', service: 'pipes.amazonaws.com', sourceArn: ROLE_ARN, account: '000000000000' },
          payload: turn.storePayload(utf8Encode(text)),
          content: { kind: 'event', text },
          deliveryId: undefined,
          parameters: { bus },
        });
        return { output: result as HandOverResult };
      },
    }),
  },
});

const BUS = { source: 'shop', detailType: 'sold' };

describe('the detail of an event', () => {
  it.each<[string, Partial<Given>, string]>([
    ['no object', { text: '[1]' }, 'MalformedDetail: Detail is malformed.'],
    ['a source of AWS’s own', { bus: { ...BUS, source: 'aws.ec2' } }, 'NotAuthorizedForSourceException: '],
    ['no source', { bus: { ...BUS, source: '' } }, 'InvalidArgument: Parameter Source is not valid.'],
    ['too long a type', { bus: { ...BUS, detailType: 'x'.repeat(129) } }, 'InvalidArgument: Parameter DetailType'],
    ['a time that is none', { bus: { ...BUS, timeMs: 1e15 } }, 'InvalidArgument: Parameter Time'],
    ['too large', { text: JSON.stringify({ a: 'x'.repeat(1_048_560) }) }, 'ValidationException: Total size of'],
  ])('is held to what PutEvents asks of an entry: %s', async (_what, given, refusal) => {
    const test = await EventsTest.open([giver]);
    const result = await test.cell.call<HandOverResult>('giver', 'Give', { text: '{}', bus: BUS, ...given });
    const failure = 'failure' in result ? `${result.failure.code}: ${result.failure.detail}` : 'accepted';
    expect(failure).toContain(refusal);
  });

  it('becomes an event of the bus', async () => {
    const test = await EventsTest.open([giver]);
    await test.queue('q');
    await test.rule('r', ['q']);
    await test.cell.call('giver', 'Give', { text: '{"n":1}', bus: { ...BUS, resources: ['a'] } });
    expect(await test.eventsIn('q')).toMatchObject([{ source: 'shop', 'detail-type': 'sold', resources: ['a'] }]);
  });
});
