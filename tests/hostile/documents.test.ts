// Requests that are no requests: not JSON, of the wrong type in any member of any operation, without what is required, for operations and
// services that are not there. Each gets AWS's refusal and leaves no trace in the journal.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MemberSchema, ServiceSchema, ShapeRef } from '../../src/wire/schema.ts';
import { SCHEMAS } from '../conformance/wire/ask.ts';
import { HostileServer } from './hostile-server.ts';
import { type Answer, type Asked, claim, closeConnections, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

let server: HostileServer;
let done: ReadonlyMap<string, readonly string[]>;
let end: number;

beforeAll(async () => {
  server = await HostileServer.start();
  const capabilities = await server.admin<{ service: string; done: string[] }[]>('capabilities');
  done = new Map(capabilities.map((each) => [each.service, each.done]));
});

beforeEach(async () => {
  end = await server.journalEnd();
});

afterEach(async () => {
  expect(await server.journalEnd()).toBe(end);
});

afterAll(async () => {
  await server.expectUnharmed();
  closeConnections();
  await server.end();
});

const told = ({ status, code, message }: Answer): string => `${status} ${code}: ${message}`.trimEnd();

async function ask(asked: Asked): Promise<string> {
  return told(await server.ask(asked));
}

const isJson = (schema: ServiceSchema) => schema.protocols.some((protocol) => protocol.startsWith('json'));

interface Member {
  readonly operation: string;
  readonly name: string;
  readonly schema: MemberSchema;
}

function members(schema: ServiceSchema): Member[] {
  return (done.get(schema.endpointPrefix) ?? []).flatMap((operation) => {
    const shape = schema.shapes[schema.operations[operation]!.input];
    const table = shape?.type === 'structure' ? Object.entries(shape.members) : [];
    return table.map(([name, member]) => {
      return { operation, name, schema: typeof member === 'string' ? { target: member } : member };
    });
  });
}

/** A JSON value that no reader of this type can take. */
function wrongJson(schema: ServiceSchema, target: ShapeRef): unknown {
  switch (target) {
    case 'string':
    case 'blob':
      return 1;
    case 'boolean':
    case 'integer':
    case 'double':
      return 'neither number nor truth';
    case 'timestamp':
      return {};
  }
  const isList = target.startsWith('[') || schema.shapes[target]?.type === 'list';
  return isList ? {} : [];
}

describe('text that is no JSON object', () => {
  const BODIES = [
    '',
    '{',
    'null',
    '7',
    '"x"',
    '[]',
    '{"a":1,}',
    "{'a':1}",
    '{}{}',
    '\ufeff{}',
    '{"a":\u0000}',
    'Action=x',
  ];

  test.each([
    ['sqs', 'SendMessage'],
    ['logs', 'PutLogEvents'],
  ])('%s', async (service, operation) => {
    for (const body of BODIES) {
      const { status, code } = await server.ask(jsonAsk(service, operation, body));
      expect(`${status} ${code}`, body).toBe('400 SerializationException');
    }
  });

  test('lambda', async () => {
    for (const body of BODIES.filter((each) => each !== '')) {
      const { status } = await server.ask(restAsk('POST', '/2015-03-31/functions', body));
      expect(status, body).toBe(400);
    }
  });

  test('bytes that are no text', async () => {
    for (const body of [Buffer.from([0x7b, 0xff, 0x7d]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.alloc(100)]) {
      const { status, code } = await server.ask({ ...jsonAsk('sqs', 'SendMessage', ''), body });
      expect(`${status} ${code}`).toBe('400 SerializationException');
    }
  });
});

describe.each(SCHEMAS.filter(isJson).map((schema) => [schema.endpointPrefix, schema] as const))(
  '%s',
  (prefix, schema) => {
    test('each member of each operation refuses a value of another type', async () => {
      for (const { operation, name, schema: member } of members(schema)) {
        const document = { [name]: wrongJson(schema, member.target) };
        const { status, code } = await server.ask(jsonAsk(prefix, operation, document));
        expect(`${status} ${code}`, `${operation}.${name}`).toBe('400 SerializationException');
      }
    });
  },
);

test('lambda: each member of each operation refuses a value of another type', async () => {
  const schema = SCHEMAS.find(({ endpointPrefix }) => endpointPrefix === 'lambda')!;
  const inBody = members(schema).filter(
    ({ schema: member }) =>
      !member.httpLabel && !member.httpPayload && member.httpQuery === undefined && member.httpHeader === undefined,
  );
  expect(inBody.length).toBeGreaterThan(50);
  for (const { operation, name, schema: member } of inBody) {
    const { method, uri } = schema.operations[operation]!.http!;
    const path = uri.replace(/\{\w+\+?\}/g, 'f');
    const answer = await server.ask(restAsk(method, path, { [name]: wrongJson(schema, member.target) }));
    expect(`${answer.status} ${answer.code}`, `${operation}.${name}`).toBe('400 SerializationException');
  }
});

describe.each(
  SCHEMAS.filter(({ protocols }) => protocols.includes('query')).map(
    (schema) => [schema.endpointPrefix, schema] as const,
  ),
)('%s, query', (prefix, schema) => {
  test('numbers, truths and lists that are none are refused', async () => {
    for (const { operation, name, schema: member } of members(schema)) {
      const parameter = wrongParameter(schema, name, member);
      if (parameter === undefined) continue;
      const { status, code } = await server.ask(queryAsk(prefix, operation, parameter));
      expect(`${status} ${code}`, `${operation}.${parameter}`).toBe('400 MalformedInput');
    }
  });

  test('an operation that is not there', async () => {
    const { status, code } = await server.ask(queryAsk(prefix, 'DropEverything'));
    expect(`${status} ${code}`).toBe('400 InvalidAction');
  });
});

function wrongParameter(schema: ServiceSchema, name: string, member: MemberSchema): string | undefined {
  const { target } = member;
  const key = member.xmlName ?? name;
  if (target === 'integer' || target === 'double' || target === 'boolean') return `${key}=maybe`;
  if (target === 'timestamp') return `${key}=yesterday`;
  if (target === 'blob') return `${key}=${encodeURIComponent('%%%')}`;
  const isList = target.startsWith('[') || schema.shapes[target]?.type === 'list';
  if (isList) return member.xmlFlattened ? `${key}.0=x` : `${key}.member.0=x`;
  return undefined;
}

describe('what is required and not there', () => {
  test.each(SCHEMAS.map((schema) => [schema.endpointPrefix, schema] as const))('%s', async (prefix, schema) => {
    for (const operation of done.get(prefix) ?? []) {
      const shape = schema.shapes[schema.operations[operation]!.input];
      const required = shape?.type === 'structure' ? (shape.required ?? []) : [];
      const isInPath = (name: string) => {
        const member = shape?.type === 'structure' ? shape.members[name] : undefined;
        return typeof member === 'object' && member.httpLabel === true;
      };
      if (required.every(isInPath)) continue;
      const { status, code } = await server.ask(emptyAsk(schema, operation));
      expect(`${status} ${code}`, operation).toMatch(/^4\d\d \w/);
      expect(code, operation).not.toMatch(/NotFound|NonExistent|DoesNotExist|NoSuchEntity|Internal/);
    }
  });

  function emptyAsk(schema: ServiceSchema, operation: string): Asked {
    const { http } = schema.operations[operation]!;
    if (http !== undefined) return restAsk(http.method, http.uri.replace(/\{\w+\+?\}/g, 'f'), {});
    return isJson(schema) ? jsonAsk(schema.endpointPrefix, operation, {}) : queryAsk(schema.endpointPrefix, operation);
  }

  test.each([
    ['sqs', 'SendMessage', '400 MissingRequiredParameterException: The request must contain the parameter QueueUrl.'],
    ['sqs', 'CreateQueue', '400 MissingRequiredParameterException: The request must contain the parameter QueueName.'],
  ])('%s %s', async (service, operation, expected) => {
    expect(await ask(jsonAsk(service, operation, {}))).toBe(expected);
  });
});

describe('operations and services that are not there', () => {
  test.each([
    ['an unknown operation in JSON 1.0', jsonAsk('sqs', 'DropEverything', {}), '400 UnknownOperationException:'],
    ['an unknown operation in JSON 1.1', jsonAsk('logs', 'DropEverything', {}), '400 UnknownOperationException:'],
    [
      'an operation that is a member of every object',
      jsonAsk('sqs', 'constructor', {}),
      '400 UnknownOperationException:',
    ],
    ['the prototype of all', jsonAsk('sqs', '__proto__', {}), '400 UnknownOperationException:'],
    ['another’s operation', jsonAsk('sqs', 'PutLogEvents', {}), '400 UnknownOperationException:'],
  ])('%s', async (_, asked, expected) => {
    expect(await ask(asked)).toBe(expected);
  });

  test.each([
    ['a target without a dot', { 'x-amz-target': 'SendMessage' }],
    ['a target of nobody', { 'x-amz-target': 'Nobody.Here' }],
    ['an empty target', { 'x-amz-target': '' }],
  ])('%s', async (_, headers) => {
    const { status } = await server.ask({
      headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
      body: '{}',
    });
    expect(status).toBe(400);
  });

  test.each(['/', '/nowhere', '/2015-03-31/', '/service/SQS/operation/SendMessage', '/%', '/%00', '/../../etc/passwd'])(
    'GET %s',
    async (path) => {
      const { status } = await server.ask({ method: 'GET', path });
      expect([400, 403, 404]).toContain(status);
    },
  );

  test('a service that is not spoken', async () => {
    const headers = { authorization: claim('dynamodb'), 'x-amz-target': 'DynamoDB_20120810.ListTables' };
    expect(await ask({ headers, body: '{}' })).toBe('400 UnknownOperationException:');
  });

  test('operations that AWS has and this server has not are refused by name', async () => {
    const { status, code, message } = await server.ask(queryAsk('iam', 'CreateGroup', { GroupName: 'g' }));
    expect([status, code]).toEqual([501, 'NotImplemented']);
    expect(message).toContain('CreateGroup');
  });
});

describe('more than any request has', () => {
  const DEPTH = 100_000;

  test.each([
    ['lists in lists', `{"QueueUrl":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`],
    ['objects in objects', `${'{"QueueUrl":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`],
    ['lists that never end', '['.repeat(1_000_000)],
    ['a million members', `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":1`).join()}}`.slice(0, 6_000_000)],
  ])('%s', async (_, body) => {
    for (const asked of [jsonAsk('sqs', 'SendMessage', body), jsonAsk('logs', 'PutLogEvents', body)]) {
      expect((await server.ask(asked)).code).toBe('SerializationException');
    }
    const { status } = await server.ask(restAsk('POST', '/2015-03-31/functions', body));
    expect(status).toBe(400);
  });

  test('a form of a hundred thousand parameters, and one of deep names', async () => {
    for (const form of [
      'a=b&'.repeat(100_000),
      `${'Attribute.1.'.repeat(50_000)}Name=x`,
      `Attribute.1000000000.Name=x`,
    ]) {
      expect((await server.ask(queryAsk('sqs', 'CreateQueue', form))).status).toBe(400);
    }
  });

  test('unknown members are ignored, whatever they are called', async () => {
    const document = '{"QueueNamePrefix":"canary","__proto__":{"MaxResults":0},"constructor":1,"toString":{"a":[]}}';
    const { text } = await server.must(jsonAsk('sqs', 'ListQueues', document));
    expect(text).toBe(`{"QueueUrls":["${server.url}/000000000000/canary"]}`);
    await server.must(queryAsk('sns', 'ListTopics', '__proto__.x=1&constructor=2&Nobody.member.1=3'));
  });
});
