// The whole pipeline, running: Eddy, the third parties, what the Terraform files deploy, the services. Everything in one work folder, every
// process ended by its handle.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeEvents, makeKinesis, makeS3, makeSqs, type Where } from '../clients.ts';
import { deployBySdk, deployByTerraform, type Outputs, preparedModule } from '../deploy/deploy.ts';
import { initialStock, LOW_THRESHOLD } from '../load/products.ts';
import type { ServicesConfig } from '../services/run.ts';
import { EddyServer, KEYS, REGION } from './eddy.ts';
import { run, type Started, start } from './processes.ts';
import { type Keys, makeServiceKeys } from './service-keys.ts';

export interface PipelineOptions {
  /** Eddy's own folder, in which this example is. */
  readonly project: string;
  /** Data, books and packages go there. */
  readonly work: string;
  /** How many orders the stock is made for. */
  readonly orders: number;
  /** Third parties fail, functions break down after their work, services forget to delete. */
  readonly hasMishaps: boolean;
  readonly deployBy: 'sdk' | 'terraform' | 'whatever-is-there';
  /** Further words for `eddy start`. */
  readonly eddyWords?: readonly string[];
  onStep(line: string): void;
}

interface RunningParts {
  readonly eddy: EddyServer;
  readonly thirdParties: Started;
  readonly thirdPartiesUrl: string;
  readonly outputs: Outputs;
  readonly services: Started;
  readonly startServices: () => Promise<Started>;
}

export class Pipeline {
  /** Of those who drive and watch it. */
  readonly clients: ReturnType<typeof clientsOf>;

  private services: Started;

  private constructor(
    readonly options: PipelineOptions,
    private readonly parts: RunningParts,
  ) {
    this.clients = clientsOf(whereOf(parts.eddy));
    this.services = parts.services;
  }

  static async start(options: PipelineOptions): Promise<Pipeline> {
    const { project, work, onStep } = options;
    const begun: { end(): Promise<unknown> }[] = [];
    try {
      mkdirSync(work, { recursive: true });
      const build = join(work, 'build');
      onStep('packing functions and services');
      await run([join(project, 'examples', 'order-pipeline', 'package.mjs'), build], project);
      const eddy = await EddyServer.start({ project, dataDir: join(work, 'data'), words: options.eddyWords });
      begun.push(eddy);
      onStep(`Eddy runs at ${eddy.url} (process ${eddy.pid})`);
      const thirdParties = await startThirdParties(options, build);
      begun.push(thirdParties);
      const thirdPartiesUrl = /http:\/\/\S+/.exec(thirdParties.said)?.[0] ?? '';
      onStep(`gateway, provider and analytics run at ${thirdPartiesUrl}`);
      const outputs = await deploy(options, { eddy, thirdPartiesUrl, build });
      const keys = await makeServiceKeys(whereOf(eddy), outputs['services_policy_arn'] ?? '');
      const startAll = (): Promise<Started> => startServices(options, { eddy, outputs, build, keys });
      const services = await startAll();
      onStep('inventory, purchasing, shipping, image and report services run');
      return new Pipeline(options, { eddy, thirdParties, thirdPartiesUrl, outputs, services, startServices: startAll });
    } catch (error) {
      for (const one of begun.reverse()) await one.end();
      throw error;
    }
  }

  get eddy(): EddyServer {
    return this.parts.eddy;
  }

  get thirdPartiesUrl(): string {
    return this.parts.thirdPartiesUrl;
  }

  get books(): string {
    return join(this.options.work, 'books');
  }

  output(name: string): string {
    const value = this.parts.outputs[name];
    if (value === undefined) throw new Error(`the deployment has no output ${name}`);
    return value;
  }

  /** What the services said, when something is not as it should be. */
  said(): string {
    return [this.services, this.parts.thirdParties].map((one) => one.output()).join('\n');
  }

  /** kill -9 for the services, with whatever they have in their hands; others take over their books. */
  async killAndRestartServices(): Promise<void> {
    await this.services.end('SIGKILL');
    this.services = await this.parts.startServices();
  }

  async end(): Promise<void> {
    for (const one of [this.services, this.parts.thirdParties]) await one.end();
    await this.eddy.end();
  }
}

function clientsOf(where: Where) {
  return { events: makeEvents(where), kinesis: makeKinesis(where), s3: makeS3(where), sqs: makeSqs(where) };
}

function whereOf({ url }: EddyServer): Where {
  return { endpoint: url, region: REGION, credentials: KEYS };
}

function startThirdParties({ hasMishaps }: PipelineOptions, build: string): Promise<Started> {
  const env = { CALM: hasMishaps ? 'no' : 'yes' };
  return start({ args: [join(build, 'third-parties.cjs')], env, isReady: /^Ready at/m });
}

interface Parts {
  readonly eddy: EddyServer;
  readonly thirdPartiesUrl: string;
  readonly build: string;
}

async function deploy(options: PipelineOptions, { eddy, thirdPartiesUrl, build }: Parts): Promise<Outputs> {
  const { project, work, deployBy, onStep, hasMishaps } = options;
  let count = 0;
  const deployment = {
    module: join(project, 'examples', 'order-pipeline', 'terraform'),
    variables: {
      endpoint: eddy.url,
      region: REGION,
      packages: build,
      gateway_url: `${thirdPartiesUrl}/gateway`,
      provider_url: `${thirdPartiesUrl}/messages`,
      analytics_url: `${thirdPartiesUrl}/analytics`,
      fails_after_charging: hasMishaps ? '10' : '0',
    },
    onProgress: () => {
      count += 1;
    },
  };
  const prepared = deployBy === 'sdk' ? undefined : await preparedModule(deployment, work);
  if (prepared === undefined && deployBy === 'terraform') throw new Error('terraform init did not succeed here');
  const why = deployBy === 'sdk' ? '' : ' (there is no Terraform that finds its provider)';
  onStep(`deploying with ${prepared === undefined ? `the AWS SDK${why}` : 'Terraform'}`);
  const outputs =
    prepared === undefined ? await deployBySdk(deployment, whereOf(eddy)) : await deployByTerraform(prepared);
  onStep(`${count} resources deployed`);
  return outputs;
}

function startServices(
  { work, orders, hasMishaps }: PipelineOptions,
  { eddy, outputs, build, keys }: { eddy: EddyServer; outputs: Outputs; build: string; keys: Keys },
): Promise<Started> {
  const config: ServicesConfig = {
    outputs,
    books: join(work, 'books'),
    initial: initialStock(orders),
    threshold: LOW_THRESHOLD,
    pollers: 2,
    forgetsOneIn: hasMishaps ? 50 : 0,
  };
  const env = {
    PIPELINE: JSON.stringify(config),
    AWS_ENDPOINT_URL: eddy.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  return start({ args: [join(build, 'services.cjs')], env, isReady: /^Ready\.$/m });
}
