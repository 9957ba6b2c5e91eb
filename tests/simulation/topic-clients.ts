// Clients of a topic whose messages fan out, raw, to two queues; one of them filters.

import type { QueueClients } from './queue-clients.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

export class TopicClients {
  private topicArn = '';
  private serial = 0;

  constructor(
    private readonly world: World,
    private readonly queues: QueueClients,
  ) {}

  async setUp(): Promise<void> {
    const { TopicArn } = await this.world.ask<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'fan' });
    this.topicArn = TopicArn;
    for (const [name, filter] of [
      ['fan-one', undefined],
      ['fan-two', { kind: ['wanted'] }],
    ] as const) {
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${name}`;
      const Attributes = {
        RawMessageDelivery: 'true',
        ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter) }),
      };
      await this.world.ask('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes });
    }
  }

  step(): void {
    this.serial += 1;
    const Message = `t-${this.serial}-${'y'.repeat(this.world.random.below(400))}`;
    const isWanted = this.world.random.chance(0.5);
    const reached = isWanted ? ['fan-one', 'fan-two'] : ['fan-one'];
    const messages = reached.map((name) => this.queues.model.sent(Message, this.queues.queue(name), undefined));
    const MessageAttributes = { kind: { DataType: 'String', StringValue: isWanted ? 'wanted' : 'other' } };
    this.world.call('sns', 'Publish', { TopicArn: this.topicArn, Message, MessageAttributes }, (reply) => {
      promise('output' in reply, () => `Publish was refused: ${JSON.stringify(reply)}`);
      for (const message of messages) if (message.presence === 'maybe') message.presence = 'there';
    });
  }
}
