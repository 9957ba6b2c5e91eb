// Every operation of every service we have a table for, in the protocol that the AWS SDK speaks today and in those it used to speak.
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { beforeAll, describe, test } from 'vitest';
import { service as events } from '../../../src/wire/generated/events.ts';
import { service as firehose } from '../../../src/wire/generated/firehose.ts';
import { service as iam } from '../../../src/wire/generated/iam.ts';
import { service as kinesis } from '../../../src/wire/generated/kinesis.ts';
import { service as lambda } from '../../../src/wire/generated/lambda.ts';
import { service as logs } from '../../../src/wire/generated/logs.ts';
import { service as pipes } from '../../../src/wire/generated/pipes.ts';
import { service as scheduler } from '../../../src/wire/generated/scheduler.ts';
import { service as schemas } from '../../../src/wire/generated/schemas.ts';
import { service as sns } from '../../../src/wire/generated/sns.ts';
import { service as sqs } from '../../../src/wire/generated/sqs.ts';
import { service as sts } from '../../../src/wire/generated/sts.ts';
import type { ServiceSchema } from '../../../src/wire/schema.ts';
import { CBOR_RULES, JSON_RULES, type RoundTrips, roundTripper, XML_RULES } from './round-trip.ts';

const services = [sqs, sns, lambda, logs, iam, sts, events, scheduler, pipes, schemas, kinesis, firehose];

function without(schema: ServiceSchema, shape: string, member: string): ServiceSchema {
  const structure = schema.shapes[shape];
  if (structure?.type !== 'structure') throw new Error(`${shape} is no structure`);
  const { [member]: _, ...members } = structure.members;
  return { ...schema, shapes: { ...schema.shapes, [shape]: { ...structure, members } } };
}

/** The one parameter that shares its query name with another. */
const legacySqs = without(sqs, 'ReceiveMessageRequest', 'MessageSystemAttributeNames');
/** The client makes a host of it. */
const eventsAtOneHost = without(events, 'PutEventsRequest', 'EndpointId');
const cborLogs: ServiceSchema = { ...logs, protocols: ['rpc-v2-cbor'] };

const TRIPS: readonly (readonly [title: string, trips: RoundTrips])[] = [
  ['sqs', { clientName: 'sqs', schema: sqs, services, rules: JSON_RULES }],
  ['sns', { clientName: 'sns', schema: sns, services, rules: XML_RULES }],
  ['lambda', { clientName: 'lambda', schema: lambda, services, rules: JSON_RULES }],
  ['logs', { clientName: 'cloudwatch-logs', schema: logs, services, rules: JSON_RULES }],
  ['iam', { clientName: 'iam', schema: iam, services, rules: XML_RULES }],
  ['sts', { clientName: 'sts', schema: sts, services, rules: XML_RULES }],
  ['events', { clientName: 'eventbridge', schema: eventsAtOneHost, services, rules: JSON_RULES }],
  ['scheduler', { clientName: 'scheduler', schema: scheduler, services, rules: JSON_RULES }],
  ['pipes', { clientName: 'pipes', schema: pipes, services, rules: JSON_RULES }],
  ['schemas', { clientName: 'schemas', schema: schemas, services, rules: JSON_RULES }],
  ['kinesis', { clientName: 'kinesis', schema: kinesis, services, rules: JSON_RULES }],
  ['firehose', { clientName: 'firehose', schema: firehose, services, rules: JSON_RULES }],
  [
    'sqs over the query protocol',
    {
      clientName: 'sqs',
      schema: legacySqs,
      services: [legacySqs, sns],
      rules: XML_RULES,
      settings: {
        protocol: new AwsQueryProtocol({
          defaultNamespace: sqs.namespace,
          xmlNamespace: sqs.xmlNamespace,
          version: sqs.apiVersion,
        } as never),
      },
    },
  ],
  [
    'logs over rpc-v2-cbor',
    {
      clientName: 'cloudwatch-logs',
      schema: cborLogs,
      services: [cborLogs],
      rules: CBOR_RULES,
      settings: { protocol: new AwsSmithyRpcV2CborProtocol({ defaultNamespace: logs.namespace } as never) },
    },
  ],
];

describe.each(TRIPS)('%s', (_, trips) => {
  let roundTrip: (operation: string) => Promise<void>;

  beforeAll(async () => {
    roundTrip = await roundTripper(trips);
  });

  const operations = Object.entries(trips.schema.operations).filter(
    ([, operation]) => operation.eventStream === undefined,
  );
  test.each(operations.map(([name]) => name))('%s', (name) => roundTrip(name));
});
