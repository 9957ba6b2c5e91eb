import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { inferShape, mergeShapes, NOTHING } from '#structures/json-schema/shape.ts';
import { compileContent, parseContent, type SchemaContent } from '../content.ts';
import { toDraft4 } from '../draft4.ts';
import { renderEvent } from '../render-shape.ts';
import { BUS_ARN, eventOf, SchemasTest } from '../testing.ts';

let tested: SchemasTest;
beforeEach(async () => {
  tested = await SchemasTest.open();
  await tested.call('CreateDiscoverer', { SourceArn: BUS_ARN });
});

const NAME = 'com.shop@OrderPlaced';
const versions = async (): Promise<number> =>
  (await tested.call<{ Schemas: { VersionCount: number }[] }>('ListSchemas', { RegistryName: 'discovered-schemas' }))
    .Schemas[0]?.VersionCount ?? 0;

describe('discoverers', () => {
  test('belong to one bus each', async () => {
    expect(await tested.call('DescribeDiscoverer', { DiscovererId: 'events-event-bus-shop' })).toEqual({
      DiscovererArn: 'arn:aws:schemas:us-east-1:000000000000:discoverer/events-event-bus-shop',
      DiscovererId: 'events-event-bus-shop',
      SourceArn: BUS_ARN,
      State: 'STARTED',
      CrossAccount: true,
      Tags: {},
    });
    expect(await tested.refusal('CreateDiscoverer', { SourceArn: BUS_ARN })).toMatch(/^ConflictException/);
    expect(await tested.refusal('CreateDiscoverer', { SourceArn: `${BUS_ARN}-missing` })).toMatch(
      /^BadRequest.*does not exist/,
    );
    for (const SourceArn of [BUS_ARN.replace('0000', '1111'), BUS_ARN.replace('events', 'sqs'), 'short', undefined]) {
      expect(await tested.refusal('CreateDiscoverer', { SourceArn })).toMatch(/^BadRequestException/);
    }
  });

  test('are changed, stopped, started, listed and deleted', async () => {
    const ask = { DiscovererId: 'events-event-bus-shop' };
    expect(await tested.call('UpdateDiscoverer', { ...ask, Description: 'd', CrossAccount: false })).toMatchObject({
      Description: 'd',
      CrossAccount: false,
    });
    expect(await tested.call('StopDiscoverer', ask)).toEqual({ ...ask, State: 'STOPPED' });
    await tested.put({ a: 1 });
    expect(await versions()).toBe(0);
    expect(await tested.call('StartDiscoverer', ask)).toEqual({ ...ask, State: 'STARTED' });
    await tested.put({ a: 1 });
    expect(await versions()).toBe(1);
    expect(await tested.call('ListDiscoverers', { SourceArnPrefix: BUS_ARN })).toMatchObject({ Discoverers: [ask] });
    expect(await tested.call('ListDiscoverers', { DiscovererIdPrefix: 'x' })).toEqual({ Discoverers: [] });
    await tested.call('DeleteDiscoverer', ask);
    expect(await tested.refusal('DescribeDiscoverer', ask)).toMatch(/^NotFoundException/);
    await tested.put({ a: 'x' });
    expect(await versions()).toBe(1);
  });
});

describe('discovery', () => {
  test('lays a schema out as AWS does', async () => {
    // AWS: user guide, "Creating a schema from event JSON".
    const detail = {
      executionArn: 'arn:aws:states:us-east-1:012345678912:execution:state-machine-name:execution-name',
      name: 'execution-name',
      startDate: 1551225146847,
      output: null,
    };
    await tested.put(detail, { detailType: 'Step Functions Execution Status Change', event: { source: 'aws.states' } });
    expect(await tested.content('aws.states@StepFunctionsExecutionStatusChange')).toEqual({
      openapi: '3.0.0',
      info: { version: '1.0.0', title: 'StepFunctionsExecutionStatusChange' },
      paths: {},
      components: {
        schemas: {
          AWSEvent: {
            type: 'object',
            required: ['detail-type', 'resources', 'detail', 'id', 'source', 'time', 'region', 'version', 'account'],
            'x-amazon-events-detail-type': 'Step Functions Execution Status Change',
            'x-amazon-events-source': 'aws.states',
            properties: {
              detail: { $ref: '#/components/schemas/StepFunctionsExecutionStatusChange' },
              account: { type: 'string' },
              'detail-type': { type: 'string' },
              id: { type: 'string' },
              region: { type: 'string' },
              resources: { type: 'array', items: { type: 'string' } },
              source: { type: 'string' },
              time: { type: 'string', format: 'date-time' },
              version: { type: 'string' },
            },
          },
          StepFunctionsExecutionStatusChange: {
            type: 'object',
            required: ['executionArn', 'name', 'output', 'startDate'],
            properties: {
              executionArn: { type: 'string' },
              name: { type: 'string' },
              output: {},
              startDate: { type: 'integer', format: 'int64' },
            },
          },
        },
      },
    });
  });

  test('makes a version only of what changes the schema', async () => {
    await tested.put({ id: 'a', lines: [{ sku: 's' }], customer: { name: 'n' } });
    await tested.put({ customer: { name: 'm' }, lines: [{ sku: 't' }, { sku: 'u' }], id: 'b' });
    expect(await versions()).toBe(1);
    await tested.put({ id: 'c', lines: [], customer: { name: 'n' } });
    expect(await versions()).toBe(1);
    await tested.put({ id: 'c', lines: [{ sku: 's', count: 2 }], customer: null });
    expect(await versions()).toBe(2);
    const { components } = (await tested.content(NAME)) as { components: { schemas: Record<string, unknown> } };
    expect(components.schemas['OrderPlaced']).toEqual({
      type: 'object',
      required: ['customer', 'id', 'lines'],
      properties: {
        customer: { $ref: '#/components/schemas/Customer' },
        id: { type: 'string' },
        lines: { type: 'array', items: { $ref: '#/components/schemas/LinesItem' } },
      },
    });
    expect(components.schemas['Customer']).toMatchObject({ type: 'object', nullable: true });
    expect(components.schemas['LinesItem']).toMatchObject({ required: ['sku'] });
    // Everything that makes up the new version was seen already: nothing to do.
    tested.cell.takeFacts();
    await tested.put({ id: 'd', lines: [{ sku: 's', count: 2 }], customer: null });
    expect(tested.cell.takeFacts()).toEqual([]);
  });

  test('knows after a restart what it knew, and looks once', async () => {
    await tested.put({ a: 1 });
    await tested.put({ b: 1 });
    expect(await versions()).toBe(2);
    for (const clean of [false, true]) {
      tested.cell = await tested.cell.restart({ clean });
      await tested.put({ a: 1 });
      await tested.put({ b: 2 });
      expect(await versions()).toBe(2);
    }
    await tested.put({ c: 1 });
    expect(await versions()).toBe(3);
  });

  test('does not look across accounts where it is told not to', async () => {
    await tested.put({ a: 1 }, { event: { account: '111111111111' }, detailType: 'Foreign' });
    expect(await tested.content('com.shop@Foreign')).toBeDefined();
    await tested.call('UpdateDiscoverer', { DiscovererId: 'events-event-bus-shop', CrossAccount: false });
    await tested.put({ a: 1 }, { event: { account: '111111111111' }, detailType: 'Other' });
    expect(
      await tested.refusal('DescribeSchema', { RegistryName: 'discovered-schemas', SchemaName: 'com.shop@Other' }),
    ).toMatch(/^NotFound/);
    await tested.put({ a: 1 }, { detailType: 'Other' });
    expect(await tested.content('com.shop@Other')).toBeDefined();
  });

  test('begins anew with what was deleted', async () => {
    await tested.put({ a: 1 });
    await tested.call('DeleteSchema', { RegistryName: 'discovered-schemas', SchemaName: NAME });
    await tested.put({ a: 1 });
    expect(await tested.call('DescribeSchema', { RegistryName: 'discovered-schemas', SchemaName: NAME })).toMatchObject(
      {
        SchemaVersion: '1',
      },
    );
  });

  test('ends where field names are data, and says so', async () => {
    for (let i = 0; i < 120; i += 1) await tested.put({ [`id-${i}`]: 1 });
    expect(await versions()).toBe(100);
    const ask = { RegistryName: 'discovered-schemas', SchemaName: NAME };
    expect(await tested.call('DescribeSchema', ask)).toMatchObject({
      Description: 'Discovery of this schema ended: it has 100 versions. Delete versions to let it go on.',
    });
    await tested.call('DeleteSchemaVersion', { ...ask, SchemaVersion: '1' });
    await tested.put({ 'id-119': 1 });
    expect(await versions()).toBe(100);
  });

  test('ignores what is nested deeper than AWS looks, and its own events', async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 255; i += 1) deep = { deep };
    await tested.put(deep);
    await tested.put({ a: 1 }, { event: { source: 'aws.schemas' } });
    expect(await versions()).toBe(0);
    await tested.put((deep as { deep: unknown }).deep);
    expect(await versions()).toBe(1);
  });

  test('survives names that mean something to JavaScript', async () => {
    await tested.put(JSON.parse('{"__proto__":{"a":1},"constructor":1,"toString":{"valueOf":null}}'), {
      detailType: '__proto__',
    });
    expect(JSON.stringify(await tested.content('com.shop@Proto'))).toContain('"__proto__":{"$ref"');
  });
});

const leaf = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('2019-02-26T19:42:21Z'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.constantFrom('a', 'b', 'items', 'Item', 'AWSEvent', '__proto__', 'x/y', '');
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));
const detail = fc.array(fc.tuple(key, json), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs));

test('every event that was seen fits the schema that was inferred of all, in both dialects', () => {
  fc.assert(
    fc.property(fc.array(detail, { minLength: 1, maxLength: 5 }), (details) => {
      const shape = details.map(inferShape).reduce(mergeShapes, NOTHING);
      const document = renderEvent({ source: 's', detailType: 'Item' }, shape);
      const parsed = parseContent(JSON.stringify(document), 'OpenApi3') as { content: SchemaContent };
      const draft4 = parseContent(JSON.stringify(toDraft4(parsed.content)), 'JSONSchemaDraft4') as {
        content: SchemaContent;
      };
      for (const { content } of [parsed, draft4]) {
        const compiled = compileContent(content);
        if ('problem' in compiled) throw new Error(compiled.problem);
        // What travels is text: a negative zero is none any more.
        for (const one of details)
          expect(compiled.schema.validate(JSON.parse(JSON.stringify(eventOf(one))))).toBeUndefined();
      }
      // Whatever the order they came in.
      const reversed = [...details].reverse().map(inferShape).reduce(mergeShapes, NOTHING);
      expect(JSON.stringify(renderEvent({ source: 's', detailType: 'Item' }, reversed))).toBe(JSON.stringify(document));
    }),
    { numRuns: 300 },
  );
});

describe('GetDiscoveredSchema', () => {
  test('infers what AWS shows for an event without an envelope', async () => {
    // AWS CLI examples, get-discovered-schema.
    const event = {
      Source: 'com.mycompany.myapp',
      Detail: '{}',
      EventBusName: 'default',
      Resources: ['resource1'],
      DetailType: 'myDetailType',
    };
    const { Content } = await tested.call<{ Content: string }>('GetDiscoveredSchema', {
      Type: 'OpenApi3',
      Events: [JSON.stringify(event)],
    });
    expect(Content).toBe(
      '{"openapi":"3.0.0","info":{"version":"1.0.0","title":"Event"},"paths":{},"components":{"schemas":{"Event":{"type":"object","required":["Detail","DetailType","EventBusName","Resources","Source"],"properties":{"Detail":{"type":"string"},"DetailType":{"type":"string"},"EventBusName":{"type":"string"},"Resources":{"type":"array","items":{"type":"string"}},"Source":{"type":"string"}}}}}}',
    );
  });

  test('merges samples of one event type, and refuses what is none', async () => {
    const Events = [eventOf({ a: 1 }), eventOf({ a: 1, b: 2 })].map((event) => JSON.stringify(event));
    const { Content } = await tested.call<{ Content: string }>('GetDiscoveredSchema', {
      Type: 'JSONSchemaDraft4',
      Events,
    });
    expect(JSON.parse(Content).definitions.OrderPlaced.required).toEqual(['a']);
    const other = JSON.stringify({ ...eventOf({}), source: 'other' });
    for (const wrong of [['{'], ['[]'], [], Array(11).fill('{}'), [...Events, other], undefined]) {
      expect(await tested.refusal('GetDiscoveredSchema', { Type: 'OpenApi3', Events: wrong })).toMatch(
        /^BadRequestException/,
      );
    }
  });
});
