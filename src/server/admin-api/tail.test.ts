import { expect, test } from 'vitest';
import { aboutResource } from './tail.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';

test.each([
  [ARN, 'number 3 received from orders, hidden for 30 s', true],
  [ARN, 'message 1 entered orders as number 1', true],
  [ARN, `not delivered to ${ARN}`, true],
  [ARN, 'sqs.queues 000000000000/us-east-1/orders written', true],
  [ARN, 'number 3 received from orders-dlq, hidden for 30 s', false],
  [ARN, 'number 3 received from new-orders, hidden for 30 s', false],
  [ARN, 'number 3 received from orders.fifo, hidden for 30 s', false],
  [`${ARN}.fifo`, 'number 3 received from orders.fifo, hidden for 30 s', true],
  ['http://127.0.0.1:4566/000000000000/orders', 'number 1 deleted from orders', true],
  ['http://127.0.0.1:4566/000000000000/orders/', 'number 1 deleted from orders', true],
  ['http://127.0.0.1:4566/000000000000/orders', 'number 1 deleted from orders-dlq', false],
  ['orders', 'number 1 deleted from orders-dlq', true],
  ['arn:aws:sns:us-east-1:000000000000:orders', 'number 1 deleted from orders', false],
  ['', 'number 1 deleted from orders', true],
])('%j wants the story "%s": %s', (resource, story, isWanted) => {
  expect(aboutResource(resource)(story)).toBe(isWanted);
});
