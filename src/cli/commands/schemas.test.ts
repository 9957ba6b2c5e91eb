import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  SchemasClient,
  UpdateSchemaCommand,
} from '@aws-sdk/client-schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';
import { ServerClient } from '../server-client.ts';
import { asyncApi, schemaDiff } from './schemas.ts';

const PLACE = { region: 'us-east-1', account: '000000000000' };
const NAMES = { RegistryName: 'contracts', SchemaName: 'order' };
const REQUIRED = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };

let server: TestServer;
let client: ServerClient;

beforeAll(async () => {
  server = await startTestServer();
  client = new ServerClient(server.url);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const schemas = new SchemasClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const first = JSON.stringify(REQUIRED);
  await schemas.send(new CreateRegistryCommand({ RegistryName: 'contracts' }));
  await schemas.send(new CreateSchemaCommand({ ...NAMES, Type: 'JSONSchemaDraft4', Content: first }));
  const wider = { ...REQUIRED, properties: { ...REQUIRED.properties, note: { type: 'string' } } };
  await schemas.send(new UpdateSchemaCommand({ ...NAMES, Content: JSON.stringify(wider) }));
  const { required: _, ...optional } = wider;
  await schemas.send(new UpdateSchemaCommand({ ...NAMES, Content: JSON.stringify(optional) }));
  schemas.destroy();
});

afterAll(async () => {
  expect(server.problems).toEqual([]);
  await server.close();
});

const diff = (from: string, to: string | undefined, schema = 'contracts/order') =>
  schemaDiff(client, { schema, from, to }, { ...PLACE, isJson: false });

test('a diff says of each change whom it breaks, and ends well while consumers keep working', async () => {
  expect(await diff('1', '2')).toEqual({
    isSafe: true,
    text: [
      'contracts/order, version 1 to 2',
      '  fine                            /detail/note is new',
      'Consumers and producers keep working.',
    ].join('\n'),
  });
});

test('a diff without an end compares with the newest version, and does not end well when consumers break', async () => {
  const { isSafe, text } = await diff('2', undefined);
  expect(isSafe).toBe(false);
  expect(text).toMatch(
    /^contracts\/order, version 2 to 3\n {2}breaks consumers +\/detail\/id .*\nConsumers of the older version break\.$/,
  );
});

test('nothing between two versions is said so', async () => {
  expect(await diff('2', '2')).toMatchObject({ isSafe: true, text: expect.stringContaining('nothing changed') });
});

test.each(['order', 'contracts/', 'a/b/c'])('%s is no name of a schema', async (schema) => {
  await expect(diff('1', '2', schema)).rejects.toThrow('Name a schema as registry/schema');
});

test('what is not there is named', async () => {
  await expect(diff('1', '9')).rejects.toThrow('has no version 9');
  await expect(asyncApi(client, 'nowhere', { ...PLACE, isJson: false })).rejects.toThrow('nowhere');
});

test('a bus is printed as an AsyncAPI document, for people and for programs', async () => {
  const text = await asyncApi(client, 'default', { ...PLACE, isJson: false });
  expect(text).toContain('\n  "asyncapi": "3.0.0"');
  expect(JSON.parse(await asyncApi(client, 'default', { ...PLACE, registry: 'contracts', isJson: true }))).toEqual(
    JSON.parse(text),
  );
});
