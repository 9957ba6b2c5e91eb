// Nothing of a request is kept and ignored: every member of every operation's input is named in the room that has the operation, or belongs to something that
// is refused, and that it is refused is tried. A new version of AWS's models with new members fails here first.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { buildWireServices } from '#server/services.ts';
import { events } from '#services/events/service.ts';
import { pipes } from '#services/pipes/service.ts';
import { schedulerService } from '#services/scheduler/service.ts';
import { schemas } from '#services/schemas/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { service as eventsWire } from '#wire/generated/events.ts';
import { service as pipesWire } from '#wire/generated/pipes.ts';
import { service as schedulerWire } from '#wire/generated/scheduler.ts';
import { service as schemasWire } from '#wire/generated/schemas.ts';
import type { ServiceSchema } from '#wire/schema.ts';

const SERVICES = fileURLToPath(new URL('../../src/services', import.meta.url));

/** Text of a room's sources, without its tests and without comments. */
function sourcesOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'testing.ts')
    .map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8'))
    .map((text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, ''))
    .join('\n');
}

/** Members of an input, and of all it holds, that no word of `known` names; what `refused` names is not looked into. */
function unread(wire: ServiceSchema, input: string, { known, refused }: { known: Set<string>; refused: Set<string> }) {
  const found: string[] = [];
  const seen = new Set<string>();
  const look = (reference: string | { readonly target: string }): void => {
    const name = (typeof reference === 'string' ? reference : reference.target).replace(/^[[{]|[\]}]$/g, '');
    const shape = wire.shapes[name];
    if (shape === undefined || seen.has(name)) return;
    seen.add(name);
    if (shape.type === 'list') look(shape.member);
    else if (shape.type === 'map') look(shape.value);
    else {
      for (const [member, held] of Object.entries(shape.members)) {
        if (refused.has(member)) continue;
        if (!known.has(member)) found.push(`${name}.${member}`);
        look(held);
      }
    }
  };
  look(input);
  return found;
}

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const OTHER = 'arn:aws:sqs:us-east-1:000000000000:other';
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
const ROLE = 'arn:aws:iam::000000000000:role/r';
const ARN = 'arn:aws:vpc-lattice:us-east-1:000000000000:resourceconfiguration/rcfg-12345678901234567';
const CREDENTIALS = { BasicAuth: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:s' };
const RESOURCE = { ResourceParameters: { ResourceConfigurationArn: ARN } };

type Asked = readonly [member: string, value: unknown];

const TARGETS: readonly Asked[] = [
  ['RunCommandParameters', { RunCommandTargets: [{ Key: 'k', Values: ['v'] }] }],
  ['EcsParameters', { TaskDefinitionArn: 'arn' }],
  ['BatchParameters', { JobDefinition: 'd', JobName: 'n' }],
  ['RedshiftDataParameters', { Database: 'd' }],
  ['SageMakerPipelineParameters', {}],
  ['AppSyncParameters', { GraphQLOperation: 'q' }],
];

const SCHEDULED: readonly Asked[] = [
  ['EcsParameters', { TaskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/t:1' }],
  ['SageMakerPipelineParameters', {}],
  ['EventBridgePutEventsV2Parameters', {}],
  ['EventBridgePutRawEventsParameters', {}],
];

const PIPE_SOURCES: readonly Asked[] = [
  ['DynamoDBStreamParameters', { StartingPosition: 'LATEST' }],
  ['ActiveMQBrokerParameters', { QueueName: 'q', Credentials: CREDENTIALS }],
  ['RabbitMQBrokerParameters', { QueueName: 'q', Credentials: CREDENTIALS }],
  ['ManagedStreamingKafkaParameters', { TopicName: 't' }],
  ['SelfManagedKafkaParameters', { TopicName: 't' }],
];

const PIPE_TARGETS: readonly Asked[] = [
  ['StepFunctionStateMachineParameters', { InvocationType: 'FIRE_AND_FORGET' }],
  ['EcsTaskParameters', { TaskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/t:1' }],
  ['BatchJobParameters', { JobDefinition: 'd', JobName: 'n' }],
  ['RedshiftDataParameters', { Database: 'd', Sqls: ['s'] }],
  ['SageMakerPipelineParameters', {}],
  ['TimestreamParameters', { TimeValue: '$.t', VersionValue: '1', DimensionMappings: [] }],
];

const CONNECTIVITY: readonly Asked[] = [
  ['ConnectivityParameters', RESOURCE],
  ['InvocationConnectivityParameters', RESOURCE],
];

const membersOf = (...lists: readonly (readonly Asked[])[]): Set<string> =>
  new Set(lists.flatMap((list) => list.map(([member]) => member)));

const NONE: ReadonlySet<string> = new Set();

describe('every member of a request is read, or belongs to something that is refused', () => {
  test.each([
    ['events', eventsWire, membersOf(TARGETS, CONNECTIVITY), ['Endpoint']],
    ['scheduler', schedulerWire, membersOf(SCHEDULED), []],
    ['pipes', pipesWire, membersOf(PIPE_SOURCES, PIPE_TARGETS), []],
    ['schemas', schemasWire, NONE as Set<string>, []],
  ] as const)('%s', (room, wire, refused, absent: readonly string[]) => {
    const known = new Set(sourcesOf(join(SERVICES, room)).match(/\w+/g));
    const here = Object.entries(wire.operations).filter(([name]) => !absent.some((word) => name.includes(word)));
    const found = here.flatMap(([name, { input }]) =>
      unread(wire, input, { known, refused: new Set(refused) }).map((member) => `${name}: ${member}`),
    );
    expect(found).toEqual([]);
  });
});

async function open(): Promise<TestCell> {
  const scheduler = schedulerService({ wire: buildWireServices() });
  const cell = await testCell([events, scheduler, pipes, schemas, sqs, deliveries]);
  await cell.call('sqs', 'CreateQueue', { QueueName: 'orders' });
  await cell.call('events', 'PutRule', { Name: 'r', EventPattern: '{"source":["s"]}' });
  return cell;
}

async function refusal(service: string, operation: string, input: object): Promise<string> {
  const reply = await (await open()).reply(service, operation, input);
  return 'refused' in reply ? reply.refused.message : 'accepted';
}

describe('what is not here is refused by its name', () => {
  test.each(TARGETS)('%s of a rule’s target', async (member, value) => {
    const input = { Rule: 'r', Targets: [{ Id: '1', Arn: QUEUE, [member]: value }] };
    expect(await refusal('events', 'PutTargets', input)).toContain(member);
  });

  test.each(CONNECTIVITY)('%s of a connection', async (member, value) => {
    const basic = { BasicAuthParameters: { Username: 'u', Password: 'p' } };
    const isInside = member === 'ConnectivityParameters';
    const AuthParameters = isInside ? { ...basic, [member]: value } : basic;
    const input = { Name: 'c', AuthorizationType: 'BASIC', AuthParameters, ...(isInside ? {} : { [member]: value }) };
    expect(await refusal('events', 'CreateConnection', input)).toContain(member);
  });

  test.each(SCHEDULED)('%s of a schedule’s target', async (member, value) => {
    const Target = { Arn: QUEUE, RoleArn: ROLE, [member]: value };
    const input = { Name: 's', ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' }, Target };
    expect(await refusal('scheduler', 'CreateSchedule', input)).toContain(member);
  });

  const PIPE = { Name: 'p', Source: QUEUE, Target: OTHER, RoleArn: ROLE };

  test.each(PIPE_SOURCES)('%s of a pipe’s source', async (member, value) => {
    const input = { ...PIPE, SourceParameters: { [member]: value } };
    expect(await refusal('pipes', 'CreatePipe', input)).toContain(member);
  });

  test.each(PIPE_TARGETS)('%s of a pipe’s target', async (member, value) => {
    const input = { ...PIPE, TargetParameters: { [member]: value } };
    expect(await refusal('pipes', 'CreatePipe', input)).toContain(member);
  });

  test.each([
    ['events', 'PutEvents', { Entries: [{ Source: 's', DetailType: 't', Detail: '{}' }], EndpointId: 'e.veo' }],
    ['events', 'CreateEventBus', { Name: 'b', KmsKeyIdentifier: 'k' }],
    ['events', 'CreateArchive', { ArchiveName: 'a', EventSourceArn: BUS, KmsKeyIdentifier: 'k' }],
    ['pipes', 'CreatePipe', { ...PIPE, KmsKeyIdentifier: 'k' }],
  ])('%s %s: the last of its members', async (service, operation, input) => {
    expect(await refusal(service, operation, input)).toContain(Object.keys(input).at(-1));
  });
});
