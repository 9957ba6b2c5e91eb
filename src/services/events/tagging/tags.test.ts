import { describe, expect, it } from 'vitest';
import { busArnOf, EventsTest, ruleArnOf } from '../testing.ts';

describe('tags', () => {
  it.each([
    ['a bus', busArnOf('shop')],
    ['a rule', ruleArnOf('shop/sold')],
    ['a rule of the default bus', ruleArnOf('sold')],
  ])('of %s are added, replaced and removed', async (_what, ResourceARN) => {
    const test = await EventsTest.open();
    await test.call('CreateEventBus', { Name: 'shop' });
    await test.rule('sold', [], { bus: 'shop' });
    await test.rule('sold', []);
    const tags = async () => (await test.call('ListTagsForResource', { ResourceARN })).Tags;
    const [a, b] = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ] as const;
    await test.call('TagResource', { ResourceARN, Tags: [a, b] });
    expect(await tags()).toEqual([a, b]);
    await test.call('TagResource', { ResourceARN, Tags: [{ Key: 'a', Value: '2' }] });
    await test.call('UntagResource', { ResourceARN, TagKeys: ['b', 'c'] });
    expect(await tags()).toEqual([{ Key: 'a', Value: '2' }]);
  });

  it('come with what is created, and stay when a rule is put again', async () => {
    const test = await EventsTest.open();
    const Tags = [{ Key: 'a', Value: '1' }];
    await test.call('CreateEventBus', { Name: 'shop', Tags });
    expect(await test.call('ListTagsForResource', { ResourceARN: busArnOf('shop') })).toEqual({ Tags });
    const rule = { Name: 'r', EventPattern: '{"source":["shop"]}' };
    await test.call('PutRule', { ...rule, Tags });
    await test.call('PutRule', { ...rule, Tags: [{ Key: 'z', Value: '9' }] });
    expect(await test.call('ListTagsForResource', { ResourceARN: ruleArnOf('r') })).toEqual({ Tags });
  });

  it('are fifty at most', async () => {
    const test = await EventsTest.open();
    const ResourceARN = busArnOf('default');
    const Tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
    await test.call('TagResource', { ResourceARN, Tags });
    expect(await test.refusal('TagResource', { ResourceARN, Tags: [{ Key: 'more', Value: 'v' }] })).toContain(
      'LimitExceededException',
    );
  });

  it.each([
    [
      'arn:aws:events:us-east-1:000000000000:event-bus/gone',
      'ResourceNotFoundException: Event bus gone does not exist.',
    ],
    [ruleArnOf('gone'), 'ResourceNotFoundException: Rule gone does not exist on EventBus default.'],
    ['arn:aws:sqs:us-east-1:000000000000:q', 'ValidationException: Parameter ResourceARN is not valid.'],
    [
      'arn:aws:events:eu-west-1:000000000000:event-bus/default',
      'ValidationException: Parameter ResourceARN is not valid.',
    ],
    ['nonsense', 'ValidationException: Parameter ResourceARN is not valid.'],
  ])('of %s are refused', async (ResourceARN, text) => {
    const test = await EventsTest.open();
    expect(await test.refusal('ListTagsForResource', { ResourceARN })).toContain(text);
    expect(await test.refusal('TagResource', { ResourceARN, Tags: [] })).toContain(text);
    expect(await test.refusal('UntagResource', { ResourceARN, TagKeys: ['a'] })).toContain(text);
  });
});
