// The real program with a canary in it: a queue with waiting, hidden and delayed messages, a topic with a subscription, a role, a log group
// with lines, a function. After each attack the server must answer, tell the same of its canary, and have complained of nothing.

import { expect } from 'vitest';
import { type EddyProcess, startEddy } from '../system/eddy-process.ts';
import { type Answer, type Asked, ask, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

const TRUST = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Of the canary. */
const BODIES = ['delayed', 'hidden', 'waiting', 'waiting too'];
const RETENTION_MS = 345_600_000;
/** The first questions of `told`, whose answers change with time. */
const TIMED_QUESTIONS = 2;

export class HostileServer {
  /** What was told of the canary when nothing had happened yet. */
  private untouched: readonly string[] = [];

  private constructor(
    public process: EddyProcess,
    private readonly args: readonly string[],
  ) {}

  static async start(...args: string[]): Promise<HostileServer> {
    const all = ['--clock', 'frozen', ...(args.includes('--data-dir') ? [] : ['--ephemeral']), ...args];
    const server = new HostileServer(await startEddy(all), all);
    await server.setUp();
    server.untouched = await server.told();
    return server;
  }

  /** Ends it this way and starts it again at the same address. */
  async restart(signal: NodeJS.Signals): Promise<void> {
    const { port } = new URL(this.url);
    await this.process.end(signal);
    this.process = await startEddy([...this.args, '--port', port]);
  }

  get url(): string {
    return this.process.url;
  }

  ask(asked: Asked): Promise<Answer> {
    return ask(this.url, asked);
  }

  /** The answer must be a success. */
  async must(asked: Asked): Promise<Answer> {
    const answer = await this.ask(asked);
    expect(`${answer.status} ${answer.status < 300 ? '' : answer.text}`).toBe(`${answer.status} `);
    expect(answer.status).toBeLessThan(300);
    return answer;
  }

  /** A document of the admin API. */
  async admin<T>(path: string, method = 'GET', document?: object): Promise<T> {
    const body = document === undefined ? '' : JSON.stringify(document);
    return JSON.parse((await this.must({ method, path: `/_eddy/${path}`, body })).text) as T;
  }

  async advance(ms: number): Promise<void> {
    await this.admin('clock', 'POST', { action: 'advance', ms });
  }

  /** Where the journal ends: as long as it is the same, nothing was recorded. */
  async journalEnd(): Promise<number> {
    return (await this.admin<{ journal: { end: number } }>('status')).journal.end;
  }

  async expectUnharmed(): Promise<void> {
    expect(await this.told()).toEqual(this.untouched);
    this.expectNoComplaint();
  }

  /** The same when time was moved: hidden messages are visible again, and counted so. */
  async expectUnharmedBy(ms: number): Promise<void> {
    expect(ms).toBeLessThan(RETENTION_MS);
    const timeless = (told: readonly string[]) => told.slice(TIMED_QUESTIONS);
    expect(timeless(await this.told())).toEqual(timeless(this.untouched));
    const { messages } = await this.admin<{ messages: { body: string }[] }>('peek?queue=canary');
    expect(messages.map(({ body }) => body).sort()).toEqual(BODIES);
    this.expectNoComplaint();
  }

  /** Nothing was printed after the banner. */
  private expectNoComplaint(): void {
    expect(this.process.output().split('\nReady.\n').at(-1)).toBe('');
  }

  async end(): Promise<void> {
    expect(await this.process.end()).toBe(0);
  }

  private async setUp(): Promise<void> {
    const queue = { QueueUrl: `${this.url}/000000000000/canary` };
    await this.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'canary', tags: { a: 'b' } }));
    for (const MessageBody of ['hidden', 'waiting', 'waiting too']) {
      await this.must(jsonAsk('sqs', 'SendMessage', { ...queue, MessageBody }));
    }
    await this.must(jsonAsk('sqs', 'SendMessage', { ...queue, MessageBody: 'delayed', DelaySeconds: 900 }));
    await this.must(jsonAsk('sqs', 'ReceiveMessage', { ...queue, VisibilityTimeout: 43_200 }));
    await this.must(queryAsk('sns', 'CreateTopic', { Name: 'canary' }));
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:canary';
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:canary';
    await this.must(queryAsk('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint }));
    await this.must(queryAsk('iam', 'CreateRole', { RoleName: 'canary', AssumeRolePolicyDocument: TRUST }));
    await this.must(jsonAsk('logs', 'CreateLogGroup', { logGroupName: 'canary' }));
    await this.must(jsonAsk('logs', 'CreateLogStream', { logGroupName: 'canary', logStreamName: 's' }));
  }

  /** All that can be asked of the canary, and of what exists beside it. Request ids differ each time. */
  private async told(): Promise<readonly string[]> {
    const QueueUrl = `${this.url}/000000000000/canary`;
    const questions = [
      { method: 'GET', path: '/_eddy/peek?queue=canary' },
      jsonAsk('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }),
      jsonAsk('sqs', 'ListQueueTags', { QueueUrl }),
      jsonAsk('sqs', 'ListQueues', {}),
      queryAsk('sns', 'ListTopics'),
      queryAsk('sns', 'GetTopicAttributes', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:canary' }),
      queryAsk('sns', 'ListSubscriptions'),
      queryAsk('iam', 'ListRoles'),
      queryAsk('iam', 'ListUsers'),
      queryAsk('iam', 'ListPolicies', { Scope: 'Local' }),
      jsonAsk('logs', 'DescribeLogGroups', {}),
      jsonAsk('logs', 'GetLogEvents', { logGroupName: 'canary', logStreamName: 's' }),
      restAsk('GET', '/2015-03-31/functions'),
      restAsk('GET', '/2015-03-31/event-source-mappings'),
    ];
    const answers = await Promise.all(questions.map((question) => this.must(question)));
    return answers.map(({ text }) => text.replace(/<RequestId>[^<]*<\/RequestId>/, ''));
  }
}
