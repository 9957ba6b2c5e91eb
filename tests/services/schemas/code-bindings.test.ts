// Code bindings are worth what compilers say of them: each language's own is asked, where the machine has it.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openApi, SchemasTest } from '#services/schemas/testing.ts';

const PROJECT = new URL('../../..', import.meta.url).pathname;

/** Everything that a name or a type can be. */
const HOSTILE = openApi(
  'Order Placed',
  {
    type: 'object',
    required: ['id', 'class', 'lines', 'node', 'both'],
    properties: {
      id: { type: 'string' },
      class: { type: 'string' },
      Class: { type: 'integer' },
      'from-dict': { type: 'number' },
      '"quoted\\" */ \u2028`${1}`': { type: 'string' },
      '\\u0022; import os': { type: 'string' },
      '2nd': { type: 'boolean' },
      '': { type: 'string' },
      ['__proto__']: { type: 'string' },
      values: { type: 'string' },
      one: { type: 'string' },
      self: { type: 'string' },
      getClass: { type: 'string' },
      at: { type: 'string', format: 'date-time' },
      lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
      grid: { type: 'array', items: { type: 'array', items: { $ref: '#/components/schemas/Line' } } },
      prices: { type: 'object', additionalProperties: { type: 'number' } },
      byName: {
        type: 'object',
        additionalProperties: { type: 'array', items: { type: 'string', format: 'date-time' } },
      },
      inline: { type: 'object', properties: { deep: { type: 'object', properties: { x: { type: 'string' } } } } },
      node: { $ref: '#/components/schemas/Node' },
      both: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      circle: { $ref: '#/components/schemas/Circle' },
      nothing: {},
    },
  },
  {
    Line: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' }, count: { type: 'integer' } } },
    Node: { type: 'object', required: ['leaf'], properties: { leaf: { $ref: '#/components/schemas/Leaf' } } },
    Leaf: { type: 'object', required: ['node'], properties: { node: { $ref: '#/components/schemas/Node' } } },
    List: { type: 'object', properties: { Map: { type: 'string' } } },
    Marshaller: { type: 'object', properties: { a: { type: 'string' } } },
    line: { type: 'object', properties: { a: { type: 'string' } } },
    Circle: { $ref: '#/components/schemas/Circle' },
    'Strange name!': { type: 'object', properties: { a: { type: 'string' } } },
  },
);

/** An event as it would be seen, for going through a binding and back. */
const EVENT = {
  id: 'o-1',
  class: 'c',
  lines: [{ sku: 's', count: 2 }, { sku: 't' }],
  grid: [[{ sku: 'u' }]],
  at: '2026-01-15T12:00:00Z',
  prices: { a: 1.5 },
  byName: { b: ['2026-01-15T12:00:00Z'] },
  inline: { deep: { x: 'y' } },
};

let tested: SchemasTest;
let folder: string;
beforeEach(async () => {
  tested = await SchemasTest.open();
  folder = mkdtempSync(join(tmpdir(), 'eddy-bindings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const whyMissing = (program: string, args: string[]): string | undefined =>
  spawnSync(program, args).status === 0 ? undefined : `${program} is not there`;

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  expect(`${status}\n${stderr}${status === 0 ? '' : stdout}`).toBe('0\n');
  return stdout;
}

/** Into the folder; the files' paths. */
async function generate(
  Language: string,
  content: object = HOSTILE,
  SchemaName = 'com.shop@Order.new',
): Promise<string[]> {
  await tested.schema(content, { SchemaName });
  const ask = { RegistryName: 'contracts', SchemaName, Language };
  expect(await tested.call('PutCodeBinding', ask)).toMatchObject({ Status: 'CREATE_IN_PROGRESS', SchemaVersion: '1' });
  await tested.cell.advance(0);
  expect(await tested.call('DescribeCodeBinding', ask)).toMatchObject({ Status: 'CREATE_COMPLETE' });
  const { Body } = await tested.call<{ Body: Uint8Array }>('GetCodeBindingSource', ask);
  // A reader of its own checks the archive, checksums included.
  const files = Object.entries(unzipSync(Body));
  for (const [path, bytes] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return files.map(([path]) => path);
}

const REASONS = {
  python3: whyMissing('python3', ['--version']),
  javac: whyMissing('javac', ['-version']),
  go: whyMissing('go', ['version']),
};
const named = (language: string, reason: string | undefined): string =>
  reason === undefined ? language : `${language} (not run: ${reason})`;

describe('code bindings compile', () => {
  test('TypeScript', async () => {
    const paths = await generate('TypeScript3');
    expect(paths).toContain('schema/com/shop/order/new/OrderPlaced.ts');
    writeFileSync(
      join(folder, 'use.ts'),
      `import { Marshaller, OrderPlaced } from './schema/com/shop/order/new';
const event: OrderPlaced = Marshaller.unmarshall('{}');
const sku: string = event.lines[0].sku;
const count: number | null | undefined = event.lines[0].count;
// @ts-expect-error
const wrong: number = event.id;
export { count, sku, wrong };
`,
    );
    const tsc = join(PROJECT, 'node_modules', '.bin', 'tsc');
    run(tsc, [
      '--noEmit',
      '--strict',
      '--target',
      'es2020',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--types',
      '',
      'use.ts',
    ]);
  });

  test.skipIf(REASONS.python3 !== undefined)(named('Python', REASONS.python3), async () => {
    await generate('Python36');
    const script = `
import json, sys
from schema.com.shop.order.new import Marshaller, OrderPlaced
event = json.loads(sys.argv[1])
order = Marshaller.unmarshall(event, OrderPlaced)
assert order.lines[0].sku == 's' and order.class_ == 'c' and order.grid[0][0].sku == 'u'
assert Marshaller.unmarshall(sys.argv[1], OrderPlaced) == order
print(json.dumps(Marshaller.marshall(order), sort_keys=True))
`;
    const sorted = run('python3', ['-c', script, JSON.stringify(EVENT)]);
    expect(JSON.parse(sorted)).toEqual(EVENT);
    run('python3', ['-W', 'error', '-m', 'compileall', '-q', 'schema']);
  });

  test.skipIf(REASONS.javac !== undefined)(named('Java', REASONS.javac), async () => {
    const paths = await generate('Java8');
    expect(paths).toContain('schema/com/shop/order/new_/OrderPlaced.java');
    writeFileSync(
      join(folder, 'Use.java'),
      `import java.util.*;
import schema.com.shop.order.new_.*;
import schema.com.shop.order.new_.marshaller.Marshaller;
public class Use {
    public static void main(String[] args) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sku", "s");
        line.put("count", 2);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("id", "o-1");
        event.put("at", "2026-01-15T12:00:00Z");
        event.put("lines", Arrays.asList(line));
        OrderPlaced order = Marshaller.unmarshal(event);
        Long count = order.getLines().get(0).getCount();
        System.out.println(count + " " + order.getAt().getYear() + " " + Marshaller.marshal(order));
    }
}
`,
    );
    const sources = paths.filter((path) => path.endsWith('.java'));
    run('javac', ['-nowarn', '-d', 'out', 'Use.java', ...sources]);
    expect(run('java', ['-cp', 'out', 'Use'])).toBe(
      '2 2026 {id=o-1, at=2026-01-15T12:00Z, lines=[{sku=s, count=2}]}\n',
    );
  });

  test.skipIf(REASONS.go !== undefined)(named('Go', REASONS.go), async () => {
    await generate('Go1');
    writeFileSync(join(folder, 'go.mod'), 'module bindings\n\ngo 1.18\n');
    execFileSync('go', ['vet', './...'], { cwd: folder });
    expect(readdirSync(folder)).toContain('schema');
  });
});

describe('code bindings', () => {
  test('have the packages and classes of AWS', async () => {
    const ask = {
      RegistryName: 'aws.events',
      SchemaName: 'aws.ec2@EC2InstanceStateChangeNotification',
      Language: 'Python36',
    };
    await tested.call('PutCodeBinding', ask);
    await tested.cell.advance(0);
    const { Body } = await tested.call<{ Body: Uint8Array }>('GetCodeBindingSource', ask);
    const folderOfSchema = 'schema/aws/ec2/ec2instancestatechangenotification';
    expect(Object.keys(unzipSync(Body))).toEqual([
      'schema/__init__.py',
      'schema/aws/__init__.py',
      'schema/aws/ec2/__init__.py',
      `${folderOfSchema}/__init__.py`,
      `${folderOfSchema}/Marshaller.py`,
      `${folderOfSchema}/AWSEvent.py`,
      `${folderOfSchema}/EC2InstanceStateChangeNotification.py`,
    ]);
  });

  test('are the same bytes each time', async () => {
    await generate('Go1');
    const ask = { RegistryName: 'contracts', SchemaName: 'com.shop@Order.new', Language: 'Go1' };
    const fetch = async () => (await tested.call<{ Body: Uint8Array }>('GetCodeBindingSource', ask)).Body;
    expect(await fetch()).toEqual(await fetch());
  });

  test('are built once a version, and gone with it', async () => {
    await generate('Go1');
    const ask = { RegistryName: 'contracts', SchemaName: 'com.shop@Order.new', Language: 'Go1' };
    expect(await tested.refusal('PutCodeBinding', ask)).toMatch(/^ConflictException/);
    expect(await tested.refusal('DescribeCodeBinding', { ...ask, Language: 'Java8' })).toMatch(/^NotFoundException/);
    expect(await tested.refusal('PutCodeBinding', { ...ask, Language: 'Cobol' })).toMatch(
      /^BadRequestException: .*Java8, Python36/,
    );
    await tested.call('UpdateSchema', { ...ask, Content: JSON.stringify(openApi('A', { type: 'object' })) });
    await tested.call('DeleteSchemaVersion', { ...ask, SchemaVersion: '1' });
    expect(await tested.refusal('DescribeCodeBinding', { ...ask, SchemaVersion: '1' })).toMatch(/^NotFoundException/);
    expect(tested.cell.cell.registry.services.get('schemas')?.state).toHaveProperty('bindings.size', 0);
  });

  test('that cannot be made say that they failed', async () => {
    await tested.schema(openApi('A', { type: 'string' }), { SchemaName: 'a' });
    const ask = { RegistryName: 'contracts', SchemaName: 'a', Language: 'Go1' };
    await tested.call('PutCodeBinding', ask);
    expect(await tested.refusal('GetCodeBindingSource', ask)).toMatch(/^NotFoundException: .*not complete/);
    await tested.cell.advance(0);
    expect(await tested.call('DescribeCodeBinding', ask)).toMatchObject({ Status: 'CREATE_FAILED' });
    expect(await tested.refusal('GetCodeBindingSource', ask)).toMatch(/^NotFoundException/);
  });

  test('in progress are finished after a restart', async () => {
    await tested.schema(HOSTILE, { SchemaName: 'a' });
    const ask = { RegistryName: 'contracts', SchemaName: 'a', Language: 'Go1' };
    await tested.call('PutCodeBinding', ask);
    tested.cell = await tested.cell.restart();
    await tested.cell.advance(0);
    expect(await tested.call('DescribeCodeBinding', ask)).toMatchObject({ Status: 'CREATE_COMPLETE' });
  });
});
