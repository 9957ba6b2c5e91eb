import { describe, expect, it } from 'vitest';
import { SqsTest } from '../testing.ts';

describe('SendMessage', () => {
  it('SQS-SND-01 answers with the id and the digests of what was sent, and stores the body once', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    test.facts();
    const sent = await test.call('SendMessage', { QueueUrl: url, MessageBody: 'hello' });
    expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
    expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent).not.toHaveProperty('SequenceNumber');
    expect(test.facts()).toEqual(['MessageSent']);
    const [message] = await test.receive(url);
    expect(message).toMatchObject({ Body: 'hello', MessageId: sent.MessageId, MD5OfBody: sent.MD5OfMessageBody });
  });
});
