// For tests: a service that writes logs of a bus, and the way from there to a destination. Not part of the product.

import type { VendedLog } from '#cell/doors.ts';
import { defineService, operation } from '#cell/service-definition.ts';
import type { TestCell } from '#cell/testing.ts';
import type { CreateDeliveryInput, CreateDeliveryOutput } from '#wire/generated/logs.ts';

export const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';

/** Stands for a service that writes its resources' logs. */
export const writer = defineService<object>({
  name: 'writer',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    Write: operation<object, VendedLog, object>({
      authorize: undefined,
      decide(turn, input) {
        turn.doors.logs?.appendVended(turn, input);
        return { output: { isDelivered: turn.doors.logs?.hasVendedDelivery(turn, input.resourceArn) } };
      },
    }),
  },
});

export function write(cell: TestCell, messages: readonly string[], logType = 'INFO_LOGS') {
  const events = messages.map((message) => ({ logType, timestampMs: cell.clock.nowMs(), message }));
  return cell.call('writer', 'Write', { resourceArn: BUS_ARN, stream: 'Bus', events });
}

/** A source of the bus's logs and a destination, not yet connected. */
export async function putEnds(cell: TestCell, destinationResourceArn: string, logType = 'INFO_LOGS'): Promise<void> {
  await cell.call('logs', 'PutDeliverySource', { name: logType, resourceArn: BUS_ARN, logType });
  const deliveryDestinationConfiguration = { destinationResourceArn };
  await cell.call('logs', 'PutDeliveryDestination', { name: 'there', deliveryDestinationConfiguration });
}

export function connected(more: Partial<CreateDeliveryInput> = {}): CreateDeliveryInput {
  const deliveryDestinationArn = 'arn:aws:logs:us-east-1:000000000000:delivery-destination:there';
  return { deliverySourceName: 'INFO_LOGS', deliveryDestinationArn, ...more };
}

export async function connect(cell: TestCell, more: Partial<CreateDeliveryInput> = {}) {
  const { delivery } = await cell.call<CreateDeliveryOutput>('logs', 'CreateDelivery', connected(more));
  return delivery;
}

/** `Code: text` of the refusal. */
export async function refusal(cell: TestCell, operationName: string, input: object): Promise<string> {
  const reply = await cell.reply('logs', operationName, input);
  return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : 'not refused';
}
