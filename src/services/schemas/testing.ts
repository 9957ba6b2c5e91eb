// A registry in a cell of its own for decision tests, with a bus that is only as much of one as the registry sees.

import type { BusDescription, BusTag, SchemasDoor, SchemaViolation } from '#cell/schemas-door.ts';
import { defineService, operation, type ServiceDefinition } from '#cell/service-definition.ts';
import { type CallOptions, type TestCell, testCell } from '#cell/testing.ts';
import type { Turn } from '#cell/turn.ts';
import { deliveries } from '#deliveries/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { schemas } from './service.ts';

export const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';

export interface Put {
  readonly arn?: string;
  readonly tags?: readonly BusTag[];
  readonly event: Readonly<Record<string, unknown>>;
}

/** Stands for services/events: asks the door as a bus does, and keeps what the registry tells its bus. */
export function busOf(descriptions: readonly BusDescription[] = []) {
  const emitted: unknown[] = [];
  const bus = defineService({
    name: 'events',
    createState: () => ({}),
    tables: () => [],
    facts: [],
    operations: {
      '(put)': operation<object, Put, { violation?: SchemaViolation | undefined }>({
        authorize: undefined,
        decide(turn, { arn = BUS_ARN, tags = [], event }) {
          const door = turn.doors.schemas as SchemasDoor;
          if (!door.hasInterest({ arn, tags })) return { output: {} };
          return {
            output: { violation: door.eventPut(turn, { bus: { arn, tags }, eventText: JSON.stringify(event) }) },
          };
        },
      }),
    },
    doors: () => ({
      events: { emit: (_turn: Turn, event) => emitted.push(event) },
      buses: { find: (_turn, arn) => descriptions.find((one) => one.arn === arn) },
    }),
  });
  return { bus, emitted };
}

export class SchemasTest {
  cell!: TestCell;
  emitted: unknown[] = [];

  static async open(
    options: Parameters<typeof testCell>[1] = {},
    others: readonly ServiceDefinition[] = [],
  ): Promise<SchemasTest> {
    const { bus, emitted } = busOf([{ arn: BUS_ARN, name: 'shop', rules: [] }]);
    const test = new SchemasTest();
    test.cell = await testCell([schemas, bus, deliveries, sqs, ...others], options);
    test.emitted = emitted;
    return test;
  }

  call<O = Record<string, unknown>>(operationName: string, input: object, options: CallOptions = {}): Promise<O> {
    return this.cell.call<O>('schemas', operationName, input, options);
  }

  /** `NotFoundException: …`. */
  async refusal(operationName: string, input: object, options: CallOptions = {}): Promise<string> {
    const reply = await this.cell.reply('schemas', operationName, input, options);
    return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : 'accepted';
  }

  async put(detail: unknown, given: Partial<Put> & { readonly detailType?: string } = {}) {
    const { detailType = 'Order Placed', event, ...rest } = given;
    const put = { ...rest, event: { ...eventOf(detail), 'detail-type': detailType, ...event } };
    const output = await this.cell.call<{ violation?: SchemaViolation }>('events', '(put)', put);
    await this.cell.settle();
    return output.violation;
  }

  /** With its registry. */
  async schema(content: object, given: object = {}): Promise<void> {
    await this.cell.reply('schemas', 'CreateRegistry', { RegistryName: 'contracts' });
    await this.call('CreateSchema', {
      RegistryName: 'contracts',
      SchemaName: 'com.shop@OrderPlaced',
      Type: 'OpenApi3',
      Content: JSON.stringify(content),
      ...given,
    });
  }

  async content(schema: string, registry = 'discovered-schemas', version?: string): Promise<unknown> {
    const input = { RegistryName: registry, SchemaName: schema, SchemaVersion: version };
    return JSON.parse((await this.call<{ Content: string }>('DescribeSchema', input)).Content);
  }
}

let number = 0;

export function eventOf(detail: unknown) {
  number += 1;
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    'detail-type': 'Order Placed',
    source: 'com.shop',
    account: '000000000000',
    time: '2026-01-15T12:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail,
  };
}

/** An OpenAPI 3 document with one component. */
export function openApi(title: string, schema: object, others: object = {}): object {
  return {
    openapi: '3.0.0',
    info: { version: '1.0.0', title },
    paths: {},
    components: { schemas: { [title]: schema, ...others } },
  };
}
