// Writes src/wire/generated/<endpoint prefix>.ts from the schemas that AWS's own SDK packages export (development dependencies).
// Usage: node tools/generate-wire.mjs [--check]      --check writes nothing and ends with 1 when a file would differ.
// A new service is one line in SERVICES. What the packages do not tell is written here by hand, with its source.
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { settle } from './generated-file.mjs';

/**
 * `client`: package @aws-sdk/client-<client>. `prefix`: endpoint prefix. `protocols`: the first is the package's own; further ones are
 * what AWS answers besides. `doubles`: members that hold fractions, since the schemas say "number" for both
 * (source: botocore 1.43.11, service-2.json, members of type double). `texts`: members that the schemas call timestamps, and the service takes
 * and gives back as they come (source: botocore 1.43.11, handlers.py, `handle_expires_header`; the SDK's `ExpiresString`).
 */
export const SERVICES = [
  // SQS still answers its older query protocol. xmlNamespace: botocore 1.29, sqs/2012-11-05/service-2.json.
  {
    client: 'sqs',
    prefix: 'sqs',
    protocols: ['json-1.0', 'query'],
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  },
  { client: 'sns', prefix: 'sns', protocols: ['query'] },
  {
    client: 'lambda',
    prefix: 'lambda',
    protocols: ['rest-json'],
    doubles: [
      'AliasRoutingConfiguration.AdditionalVersionWeights.value',
      'LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu',
      'TargetTrackingScalingPolicy.TargetValue',
    ],
  },
  {
    client: 'cloudwatch-logs',
    prefix: 'logs',
    protocols: ['json-1.1'],
    doubles: [
      'DeliverySourceConfigurationSchema.minValue',
      'DeliverySourceConfigurationSchema.maxValue',
      'MetricTransformation.defaultValue',
      'QueryInfo.bytesScanned',
      'QueryStatistics.recordsMatched',
      'QueryStatistics.recordsScanned',
      'QueryStatistics.estimatedRecordsSkipped',
      'QueryStatistics.bytesScanned',
      'QueryStatistics.estimatedBytesSkipped',
      'QueryStatistics.logGroupsScanned',
    ],
  },
  { client: 'iam', prefix: 'iam', protocols: ['query'] },
  { client: 'sts', prefix: 'sts', protocols: ['query'] },
  { client: 'eventbridge', prefix: 'events', protocols: ['json-1.1'] },
  { client: 'scheduler', prefix: 'scheduler', protocols: ['rest-json'] },
  { client: 'pipes', prefix: 'pipes', protocols: ['rest-json'] },
  { client: 'schemas', prefix: 'schemas', protocols: ['rest-json'] },
  // The SDKs for Java speak CBOR behind the same X-Amz-Target. Source: software.amazon.awssdk AwsCborProtocolFactory.
  { client: 'kinesis', prefix: 'kinesis', protocols: ['json-1.1', 'cbor-1.1'] },
  { client: 'firehose', prefix: 'firehose', protocols: ['json-1.1'] },
  {
    client: 's3',
    prefix: 's3',
    protocols: ['rest-xml'],
    texts: [
      'PutObjectRequest.Expires',
      'CopyObjectRequest.Expires',
      'CreateMultipartUploadRequest.Expires',
      'GetObjectOutput.Expires',
      'HeadObjectOutput.Expires',
    ],
  },
];

const BIT_TRAITS = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
];
const KEPT_TRAITS = [
  'xmlName',
  'xmlFlattened',
  'xmlAttribute',
  'jsonName',
  'httpHeader',
  'httpPrefixHeaders',
  'httpQuery',
  'httpQueryParams',
  'httpLabel',
  'httpPayload',
  'httpResponseCode',
  'sensitive',
];
const TIMESTAMP_FORMATS = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };
const SCALARS = { 0: 'string', 2: 'boolean', 15: 'document', 17: 'integer', 19: 'double', 21: 'blob', 42: 'stream' };
const RESERVED = new Set([...Object.values(SCALARS), 'integer', 'double', 'timestamp', 'unit']);

function traitsOf(indicator) {
  if (typeof indicator !== 'number') return indicator ?? {};
  return Object.fromEntries(BIT_TRAITS.filter((_, bit) => (indicator >> bit) & 1).map((name) => [name, 1]));
}

/** Follows functions, member pairs and simple shapes down to the schema itself, gathering traits; the outermost wins. */
function resolve(reference) {
  let schema = reference;
  let traits = {};
  for (;;) {
    if (typeof schema === 'function') schema = schema();
    else if (Array.isArray(schema) && schema.length === 2) {
      traits = { ...traitsOf(schema[1]), ...traits };
      schema = schema[0];
    } else if (Array.isArray(schema) && schema[0] === 0) {
      traits = { ...traitsOf(schema[3]), ...traits };
      schema = schema[4];
    } else if (Array.isArray(schema)) return { schema, traits: { ...ownMemberTraits(schema), ...traits } };
    else return { schema, traits };
  }
}

/** As an attribute: `xmlns:xsi="…"`. The trait is [uri] or [prefix, uri]. */
function namespaceText(trait) {
  return trait.length === 1 ? `xmlns="${trait[0]}"` : `xmlns:${trait[0]}="${trait[1]}"`;
}

/** Of a structure's own traits only these travel to the member that targets it. */
function ownMemberTraits(schema) {
  const own = traitsOf(schema[3]);
  return own.sensitive ? { sensitive: 1 } : {};
}

/** Reads the schemas of one SDK module into the table that `src/wire/schema.ts` describes. */
export function readService(module, settings) {
  const shapes = new Map();
  const doubles = new Set(settings.doubles ?? []);
  const texts = new Set(settings.texts ?? []);
  const seen = new Set();

  function numberAt(place) {
    if (!doubles.has(place)) return 'integer';
    seen.add(place);
    return 'double';
  }

  function timestampAt(place) {
    if (!texts.has(place)) return 'timestamp';
    seen.add(place);
    return 'string';
  }

  function targetOf(schema, place) {
    if (schema === 'unit') return 'unit';
    if (typeof schema === 'number') {
      if (schema === 1) return numberAt(place);
      if (schema >= 4 && schema <= 7) return timestampAt(place);
      if (schema >= 64 && schema < 128) return `[${targetOf(schema & 63, `${place}.member`)}]`;
      if (schema >= 128) return `{${targetOf(schema & 63, `${place}.value`)}}`;
      const scalar = SCALARS[schema];
      if (scalar === undefined) throw new Error(`${place}: unknown schema ${schema}`);
      return scalar;
    }
    const name = schema[2];
    if (RESERVED.has(name)) throw new Error(`${name}: the name of a shape is one of the reserved words`);
    if (!shapes.has(name)) {
      shapes.set(name, undefined);
      shapes.set(name, shapeOf(schema, name));
    }
    return name;
  }

  function memberOf(reference, place) {
    const { schema, traits } = resolve(reference);
    const target = targetOf(schema, place);
    const member = { target };
    for (const name of KEPT_TRAITS) {
      const value = traits[name];
      if (value !== undefined && value !== 0) member[name] = value === 1 ? true : value;
    }
    if (traits.xmlNamespace !== undefined) member.xmlNamespace = namespaceText(traits.xmlNamespace);
    const format = TIMESTAMP_FORMATS[schema];
    if (format !== undefined && target === 'timestamp') member.timestampFormat = format;
    return Object.keys(member).length === 1 ? target : member;
  }

  function membersOf(schema, name) {
    return Object.fromEntries(schema[4].map((member, i) => [member, memberOf(schema[5][i], `${name}.${member}`)]));
  }

  function shapeOf(schema, name) {
    const [kind] = schema;
    if (kind === 1) return { type: 'list', member: memberOf(schema[4], `${name}.member`) };
    if (kind === 2)
      return { type: 'map', key: memberOf(schema[4], `${name}.key`), value: memberOf(schema[5], `${name}.value`) };
    const shape = { type: 'structure', members: membersOf(schema, name) };
    // The last field counts the required members, which stand first.
    if (schema[6]) shape.required = schema[4].slice(0, schema[6]);
    if (kind === 4) shape.isUnion = true;
    const { xmlName } = traitsOf(schema[3]);
    if (xmlName !== undefined) shape.xmlName = xmlName;
    return shape;
  }

  const exported = Object.entries(module).filter(([name, value]) => name.endsWith('$') && Array.isArray(value));
  const operations = {};
  const errors = {};
  const roles = new Map();
  for (const [, schema] of exported.sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (schema[0] === 9) {
      const name = schema[2];
      const input = targetOf(resolve(schema[4]).schema, name);
      const output = targetOf(resolve(schema[5]).schema, name);
      const { http } = traitsOf(schema[3]);
      operations[name] = { input, output };
      if (http !== undefined) operations[name].http = { method: http[0], uri: http[1], code: http[2] };
      const events = eventStreamMember(schema[5]);
      if (events !== undefined) operations[name].eventStream = events;
      roles.set(name, { input, output });
    } else if (schema[0] === -3 && schema[1] === settings.namespace) {
      const { error, httpError, awsQueryError } = traitsOf(schema[3]);
      errors[schema[2]] = {
        status: httpError ?? awsQueryError?.[1] ?? (error === 'server' ? 500 : 400),
        fault: error ?? 'client',
        ...(awsQueryError && awsQueryError[0] !== schema[2] ? { queryCode: awsQueryError[0] } : {}),
        members: membersOf(schema, schema[2]),
      };
    }
  }
  for (const place of [...doubles, ...texts])
    if (!seen.has(place)) throw new Error(`${settings.prefix}: no number or timestamp at ${place}`);
  const { doubles: _, texts: __, client: ___, prefix, ...metadata } = settings;
  const sorted = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1));
  return { endpointPrefix: prefix, ...metadata, operations, shapes: Object.fromEntries(sorted), errors };
}

/** The output's member that is a union of events, if there is one. */
function eventStreamMember(reference) {
  const { schema } = resolve(reference);
  if (!Array.isArray(schema) || schema[0] !== 3) return undefined;
  return schema[4].find((_, i) => {
    const member = schema[5][i];
    const found = resolve(member);
    return Array.isArray(found.schema) && (traitsOf(found.schema[3]).streaming || found.traits.streaming);
  });
}

/** What the package's runtime configuration says about the protocol, and its sign-in name from the endpoint parameters. */
export async function readMetadata(settings) {
  const folder = new URL(`../node_modules/@aws-sdk/client-${settings.client}/dist-es/`, import.meta.url);
  const text = readFileSync(new URL('runtimeConfig.shared.js', folder), 'utf8');
  const field = (name) => new RegExp(`${name}: "([^"]*)"`).exec(text)?.[1];
  const parameters = readFileSync(new URL('endpoint/EndpointParameters.js', folder), 'utf8');
  return {
    serviceId: /serviceId: config\?\.serviceId \?\? "([^"]*)"/.exec(text)[1],
    apiVersion: field('apiVersion'),
    signingName: /defaultSigningName: "([^"]*)"/.exec(parameters)[1],
    namespace: field('defaultNamespace'),
    targetPrefix: field('serviceTarget'),
    xmlNamespace: settings.xmlNamespace ?? field('xmlNamespace') ?? '',
    protocols: settings.protocols,
    ...(/awsQueryCompatible: true/.test(text) ? { isQueryCompatible: true } : {}),
  };
}

/** The table of one service: used by the tests for services that have no generated file. */
export async function serviceTable(settings) {
  const module = await import(`@aws-sdk/client-${settings.client}`);
  return readService(module, { ...settings, ...(await readMetadata(settings)) });
}

const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name));

function literal(value) {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${key(name)}: ${literal(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function tableText(service) {
  const { operations, shapes, errors, ...metadata } = service;
  const lines = Object.entries(metadata).map(([name, value]) => `  ${key(name)}: ${literal(value)},`);
  for (const [group, rows] of Object.entries({ operations, shapes, errors })) {
    lines.push(`  ${group}: {`);
    for (const [name, row] of Object.entries(rows)) lines.push(`    ${key(name)}: ${literal(row)},`);
    lines.push('  },');
  }
  return `export const service: ServiceSchema = {\n${lines.join('\n')}\n};\n`;
}

const SCALAR_TYPES = {
  string: 'string',
  integer: 'number',
  double: 'number',
  boolean: 'boolean',
  blob: 'Uint8Array',
  stream: 'Uint8Array',
  timestamp: 'number',
  document: 'unknown',
  unit: '{ readonly [name: string]: never }',
};

/** Names of the interfaces: a shape that serves only one operation in one role takes the operation's name. */
function namesOf(service) {
  const uses = new Map();
  const use = (target, name) => {
    const plain = target.replace(/^[[{]|[\]}]$/g, '');
    if (plain !== target) return use(plain, name);
    uses.set(plain, [...(uses.get(plain) ?? []), name]);
  };
  for (const [name, { input, output }] of Object.entries(service.operations)) {
    use(input, `${name}Input`);
    use(output, `${name}Output`);
  }
  for (const shape of Object.values(service.shapes)) {
    const members = shape.type === 'structure' ? Object.values(shape.members) : [shape.member ?? shape.value];
    for (const member of members) use(typeof member === 'string' ? member : member.target, undefined);
  }
  const names = new Map();
  for (const name of Object.keys(service.shapes)) {
    const roles = uses.get(name) ?? [];
    names.set(name, roles.length === 1 && roles[0] !== undefined ? roles[0] : name);
  }
  if (new Set(names.values()).size !== names.size)
    throw new Error(`${service.endpointPrefix}: two interfaces of one name`);
  return names;
}

function typeText(target, names, shapes) {
  if (SCALAR_TYPES[target] !== undefined) return SCALAR_TYPES[target];
  const inner = target.slice(1, -1);
  if (target.startsWith('[')) return `readonly ${typeText(inner, names, shapes)}[]`;
  if (target.startsWith('{')) return `{ readonly [name: string]: ${typeText(inner, names, shapes)} }`;
  const shape = shapes[target];
  const of = (member) => typeText(typeof member === 'string' ? member : member.target, names, shapes);
  if (shape.type === 'list') {
    const element = of(shape.member);
    return element.startsWith('readonly ') ? `readonly (${element})[]` : `readonly ${element}[]`;
  }
  if (shape.type === 'map') return `{ readonly [name: string]: ${of(shape.value)} }`;
  return names.get(target);
}

function interfacesText(service) {
  const names = namesOf(service);
  const parts = [];
  for (const [name, shape] of Object.entries(service.shapes)) {
    if (shape.type !== 'structure') continue;
    const members = Object.entries(shape.members).map(([member, schema]) => {
      const target = typeof schema === 'string' ? schema : schema.target;
      return `  readonly ${key(member)}?: ${typeText(target, names, service.shapes)} | undefined;`;
    });
    const title = names.get(name);
    parts.push(
      members.length === 0
        ? `export type ${title} = { readonly [name: string]: never };`
        : `export interface ${title} {\n${members.join('\n')}\n}`,
    );
  }
  const taken = new Set(names.values());
  const rows = [];
  for (const [name, operation] of Object.entries(service.operations)) {
    for (const [role, target] of [
      ['Input', operation.input],
      ['Output', operation.output],
    ]) {
      const title = `${name}${role}`;
      if (!taken.has(title)) parts.push(`export type ${title} = ${typeText(target, names, service.shapes)};`);
    }
    rows.push(`  readonly ${name}: { readonly input: ${name}Input; readonly output: ${name}Output };`);
  }
  parts.push(`export interface Operations {\n${rows.join('\n')}\n}`);
  return `${parts.join('\n\n')}\n`;
}

export function fileText(service) {
  const header = `// Generated by tools/generate-wire.mjs from AWS's schema of ${service.serviceId} (${service.apiVersion}). Do not edit: run \`npm run generate\`.
// Interfaces hold what a member means inside: blobs as bytes, timestamps as milliseconds since the epoch. All members are optional: what
// must be there is for the service to check, in AWS's words. \`service\` is the table that the protocols work from.

import type { ServiceSchema } from '../schema.ts';
`;
  return `${header}\n${interfacesText(service)}\n${tableText(service)}`;
}

async function main() {
  for (const settings of SERVICES) {
    const file = new URL(`../src/wire/generated/${settings.prefix}.ts`, import.meta.url);
    settle(fileURLToPath(file), fileText(await serviceTable(settings)), 'the schemas');
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
