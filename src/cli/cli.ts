// The command line besides `start`: reads arguments, runs one command, turns its end into an exit code.

import { Command, CommanderError } from 'commander';
import { StartupProblem } from '#base/startup-problem.ts';
import { refuseUnknownVariables } from '#server/config/config.ts';
import { OPTIONS, type OptionSpec } from '#server/config/options.ts';
import { versionText } from '#server/version.ts';
import type { EmitOptions } from './commands/events.ts';
import { CommandProblem, EXIT } from './exit-codes.ts';
import { endpointOf, ServerClient } from './server-client.ts';

interface Common {
  readonly endpoint?: string;
  readonly json?: boolean;
}

export async function runCli(args: readonly string[]): Promise<number> {
  try {
    // `doctor` lists them itself.
    if (args[0] !== 'doctor') refuseUnknownVariables(process.env);
    return await dispatch(args);
  } catch (error) {
    if (error instanceof StartupProblem) {
      console.error(`eddy: ${error.message}`);
      return EXIT.usage;
    }
    if (error instanceof CommandProblem) {
      console.error(error.message);
      return error.exitCode;
    }
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    throw error;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  // Everything after these two words belongs to the other program.
  if (command === 'aws') return (await import('./commands/aws.ts')).aws(rest, endpointOf(undefined));
  if (command === 'terraform' || command === 'tf') {
    return (await import('./commands/terraform.ts')).terraform(rest, endpointOf(undefined));
  }
  let exitCode: number = EXIT.ok;
  const program = programWith((code) => {
    exitCode = code;
  });
  await program.parseAsync([...args], { from: 'user' });
  return exitCode;
}

function programWith(end: (exitCode: number) => void): Command {
  const program = new Command('eddy')
    .description('An event platform you can own: SQS, SNS, EventBridge, Kinesis, Lambda, S3 and what surrounds them.')
    .version(versionText(), '-V, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  const start = program.command('start').description('Start the server (what `eddy` alone does, too).');
  for (const option of OPTIONS as readonly OptionSpec[]) {
    const value = option.kind === 'switch' ? '' : ` <${option.choices?.join('|') ?? option.kind}>`;
    start.option(`--${option.name}${value}`, option.help, option.fallback === '' ? undefined : option.fallback);
  }
  addLifecycle(program);
  addLooking(program);
  addEvents(program);
  addSchemas(program, end);
  addTools(program, end);
  program.command('aws').description('Run the AWS CLI against the server: eddy aws sqs list-queues');
  program.command('terraform').alias('tf').description('Run Terraform against the server: eddy terraform apply');
  return program;
}

function addLifecycle(program: Command): void {
  common(program.command('status').description('What runs, since when, and how.')).action(async (options: Common) => {
    const { status } = await import('./commands/lifecycle.ts');
    console.log(await status(clientOf(options), options.json === true));
  });
  common(program.command('wait').description('Wait until the server is ready.'))
    .option('--timeout <duration>', 'how long', '60s')
    .action(async (options: Common & { timeout: string }) => {
      const { waitReady } = await import('./commands/lifecycle.ts');
      await waitReady(clientOf(options), options.timeout);
    });
  common(program.command('stop').description('End the server: it finishes what it has begun.'))
    .option('--timeout <duration>', 'how long to wait', '30s')
    .action(async (options: Common & { timeout: string }) => {
      const { stop } = await import('./commands/lifecycle.ts');
      console.log(await stop(clientOf(options), options.timeout));
    });
}

const EXPLAINED = `
A message, event, invocation or request, by its id: where it went, and what became of it there.
A record of a stream, by its sequence number (or shardId-…:number, as functions get it): its shard and place, the batches it was in and how
  they ended, and each reader's place before or behind it. So too the event or message that became the record.
A record of a delivery stream, by its RecordId: what it waits for, what became of its batches, and the object that has it.
An object, as s3://bucket/key, or the request that wrote it: its versions, notifications, why each rule did or did not match, and its end.`;

function addLooking(program: Command): void {
  common(program.command('tail').description('Show what happens, while it happens.'))
    .argument(
      '[resource]',
      'only stories that name this queue, topic, function, stream, delivery stream or s3://bucket',
    )
    .action(async (resource: string | undefined, options: Common) => {
      const { tail } = await import('./commands/watch.ts');
      await tail(clientOf(options), resource, options.json === true);
    });
  common(
    program
      .command('peek')
      .description("Show a queue's messages, or a stream's newest records, without receiving them."),
  )
    .argument('<queue-or-stream>', 'name, URL or ARN of a queue, or ARN of a stream')
    .option('--region <region>', 'region of a queue given by name', process.env['AWS_REGION'] ?? 'us-east-1')
    .option('--account <account>', 'account of a queue given by name', '000000000000')
    .option('--limit <count>', 'how many', '100')
    .action(async (queue: string, options: Common & { region: string; account: string; limit: string }) => {
      const { peek } = await import('./commands/watch.ts');
      console.log(await peek(clientOf(options), queue, options, options.json === true));
    });
  common(program.command('explain').description('Tell the whole journey of a message, a record or an object.'))
    .argument(
      '<id>',
      'as publish, send, put or receive showed it (message, event, request, record), a sequence number, or s3://bucket/key',
    )
    .addHelpText('after', EXPLAINED)
    .action(async (id: string, options: Common) => {
      const { explain } = await import('./commands/watch.ts');
      console.log(await explain(clientOf(options), id, options.json === true));
    });
}

function addEvents(program: Command): void {
  const events = program.command('events').description('Events of EventBridge.');
  common(events.command('emit').description("Put a sample of an AWS service's event on a bus: eddy events emit --list"))
    .argument('[service]', 'ec2, s3, codepipeline …')
    .argument('[detail-type]', '"EC2 Instance State-change Notification" …')
    .option('--detail <json>', "members of the detail that replace the sample's")
    .option('--bus <bus>', 'name or ARN of another bus than the default one')
    .option('--region <region>', 'region of the bus', process.env['AWS_REGION'] ?? 'us-east-1')
    .option('--account <account>', 'account of the bus', '000000000000')
    .option('--list', 'show which samples there are')
    .action(async (service: string | undefined, detailType: string | undefined, options: Common & EmitOptions) => {
      const { emit } = await import('./commands/events.ts');
      console.log(await emit(clientOf(options), { service, detailType }, options));
    });
  common(events.command('metrics').description('What buses and rules did since the server began.')).action(
    async (options: Common) => {
      const { metrics } = await import('./commands/event-metrics.ts');
      console.log(await metrics(clientOf(options), options.json === true));
    },
  );
}

function addSchemas(program: Command, end: (exitCode: number) => void): void {
  const place = (command: Command): Command =>
    common(command)
      .option('--region <region>', 'region of the schema or bus', process.env['AWS_REGION'] ?? 'us-east-1')
      .option('--account <account>', 'account of the schema or bus', '000000000000');
  type Place = Common & { region: string; account: string };
  const schema = program.command('schema').description('Schemas of the EventBridge schema registry.');
  place(schema.command('diff').description('What changed between two versions; ends with 1 when consumers break.'))
    .argument('<schema>', 'registry/schema')
    .argument('<from>', 'a version')
    .argument('[to]', 'another one; the newest without it')
    .action(async (name: string, from: string, to: string | undefined, options: Place) => {
      const { schemaDiff } = await import('./commands/schemas.ts');
      const given = { ...options, isJson: options.json === true };
      const { text, isSafe } = await schemaDiff(clientOf(options), { schema: name, from, to }, given);
      console.log(text);
      end(isSafe ? EXIT.ok : EXIT.failed);
    });
  place(
    program
      .command('asyncapi')
      .description('A bus with its rules, targets and known events as an AsyncAPI 3 document.'),
  )
    .argument('<bus>', 'name or ARN')
    .option('--registry <registry>', 'contracts that count before what was discovered')
    .action(async (bus: string, options: Place & { registry?: string }) => {
      const { asyncApi } = await import('./commands/schemas.ts');
      console.log(await asyncApi(clientOf(options), bus, { ...options, isJson: options.json === true }));
    });
}

function addTools(program: Command, end: (exitCode: number) => void): void {
  common(
    program
      .command('clock')
      .description('Show time, stop it, move it: show, freeze, set <time>, advance <duration>, resume.'),
  )
    .argument('[words...]')
    .action(async (words: string[], options: Common) => {
      const { clock } = await import('./commands/clock.ts');
      console.log(await clock(clientOf(options), words, options.json === true));
    });
  common(program.command('env').description('Print variables for AWS clients: eval $(eddy env)'))
    .option('--data-dir <path>', 'where a server with strict authentication keeps its root key')
    .option('--unset', 'print how to take them away again')
    .action(async (options: Common & { dataDir?: string; unset?: boolean }) => {
      const { env, envWarning } = await import('./commands/env.ts');
      console.log(env(options));
      const warning = await envWarning(options);
      if (warning !== undefined) console.error(warning);
    });
  common(program.command('doctor').description('Check this machine, and say what to do.'))
    .option('--data-dir <path>', 'directory to try', './.eddy')
    .action(async (options: Common & { dataDir: string }) => {
      const { doctor } = await import('./commands/doctor.ts');
      const { text, isHealthy } = await doctor(clientOf(options), options.dataDir, options.json === true);
      console.log(text);
      end(isHealthy ? EXIT.ok : EXIT.failed);
    });
}

function common(command: Command): Command {
  return command.option('--endpoint <url>', 'address of the server').option('--json', 'machine-readable');
}

function clientOf(options: Common): ServerClient {
  return new ServerClient(endpointOf(options.endpoint));
}
