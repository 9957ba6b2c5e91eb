// One text, several clients: each scenario is done by every client that is here, against a server that verifies their signatures.

import { afterAll, beforeAll, describe, test } from 'vitest';
import { type EddyProcess, startEddy, temporaryFolder, whyMissing } from '../system/eddy-process.ts';
import { Client, type Driver } from './client.ts';
import { functions } from './function-scenarios.ts';
import { identities, logGroups } from './identity-scenarios.ts';
import { javascriptDriver } from './javascript-driver.ts';
import { pythonDriver } from './python-driver.ts';
import * as queues from './queue-scenarios.ts';
import * as streams from './stream-scenarios.ts';
import * as topics from './topic-scenarios.ts';

const ROOT = { accessKeyId: 'AKIACOMPATCOMPATCOMP', secretAccessKey: 'compat-secret-compat-secret-compat' };

const noBoto3 = await whyMissing('python3', ['-c', 'import boto3']);
const noCommandLine = await whyMissing('python3', ['-c', 'import awscli.clidriver']);

interface Kind {
  readonly name: string;
  readonly missing?: string | undefined;
  readonly make: (options: { name: string; url: string }) => Driver;
}

const KINDS: readonly Kind[] = [
  { name: 'JavaScript', make: (options) => javascriptDriver(options) },
  { name: 'JavaScript over HTTP/2', make: (options) => javascriptDriver({ ...options, isHttp2: true }) },
  { name: 'JavaScript, compressed', make: (options) => javascriptDriver({ ...options, isCompressed: true }) },
  { name: 'boto3', missing: noBoto3, make: (options) => pythonDriver('boto3', options) },
  { name: 'AWS CLI', missing: noCommandLine, make: (options) => pythonDriver('command-line', options) },
];

let folder: ReturnType<typeof temporaryFolder>;
let server: EddyProcess;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEddy(['--data-dir', folder.path, '--auth', 'strict'], {
    EDDY_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  });
});

afterAll(async () => {
  await server.end();
  folder.remove();
});

describe.each(KINDS)('$name', ({ name, missing, make }) => {
  let driver: Driver;
  let client: Client;

  beforeAll(() => {
    if (missing !== undefined) return;
    driver = make({ name, url: server.url });
    client = new Client(driver, ROOT);
  });

  afterAll(() => driver?.close());

  const scenarios: readonly (readonly [string, (client: Client) => Promise<void>])[] = [
    ['a message with attributes, and its checksums', queues.messageWithAttributes],
    ['attributes and tags of a queue', queues.attributesAndTags],
    ['queues, page by page', queues.pages],
    ['batches that fail in part', queues.batches],
    ['a FIFO queue', queues.fifo],
    ['dead letters, and back', queues.deadLetters],
    ['refusals of queues', queues.refusals],
    ['notifications whose signature holds', topics.envelopes],
    ['filters and raw delivery', topics.filtersAndRawDelivery],
    ['refusals of topics', topics.topicRefusals],
    ['a function, invoked and fed by a queue', functions],
    ['roles, policies, keys and sessions', identities],
    ['log groups', logGroups],
    ['records of a stream, from every kind of place', streams.records],
    ['a stream whose shards are split', streams.reshardedStream],
    ['settings of a stream', streams.streamSettings],
    ['refusals of streams', streams.streamRefusals],
  ];

  const why = missing === undefined ? '' : ` (not run: ${missing})`;
  test.skipIf(missing !== undefined).each(scenarios)(`%s${why}`, (_, scenario) => scenario(client));
});
