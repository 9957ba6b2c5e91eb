// EventBridge: events through one rule into a queue beside messages sent to a queue; from PutEvents to a warm function; what a rule costs in memory;
// and how long others wait while an event of the greatest size meets ten thousand rules.

import {
  CreateEventBusCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { clients } from './clients.ts';
import { type Figure, median } from './figures.ts';
import { load, type Running, residentBytes, startCanary, startEddy } from './processes.ts';
import { makeTimedFunction, now, RUNS, timesOf } from './timed-function.ts';

const ROUNDS = 5;
const RULES = 100_000;
const RULES_OF_STALL = 10_000;
const AT_ONCE = 32;

export async function* measureEvents(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('load') });
  yield await throughput(eddy);
  yield await latency(eddy);
  await eddy.stop();
  yield* manyRules(folder('rules'));
}

async function throughput(eddy: Running): Promise<Figure> {
  const shared = { connections: '64', seconds: '3', distinct: true, pool: '2000', 'body-bytes': '512' } as const;
  const events: number[] = [];
  const messages: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const put = await load(eddy, { ...shared, scenario: 'events-put', queue: `bus-${round}` });
    const sent = await load(eddy, { ...shared, scenario: 'sqs-send-batch', queue: `queue-${round}` });
    events.push(put.messagesPerSecond);
    messages.push(sent.messagesPerSecond);
  }
  return {
    what: 'PutEvents of 10 to a rule to a queue, events/s / SendMessageBatch',
    value: median(events.map((each, i) => each / (messages[i] as number))),
    unit: 'x',
    goal: { kind: 'at-least', reach: 0.5, beyond: 0.8 },
    note: `${median(events)} and ${median(messages)} a second`,
  };
}

async function latency(eddy: Running): Promise<Figure> {
  const events = clients.events(eddy);
  const Arn = await makeTimedFunction(eddy, '[event.detail.start]');
  const { RuleArn } = await events.send(
    new PutRuleCommand({ Name: 'to-function', EventPattern: '{"detail-type":["Timed"]}' }),
  );
  await clients.lambda(eddy).send(
    new AddPermissionCommand({
      FunctionName: 'took',
      StatementId: 'rule',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: RuleArn,
    }),
  );
  await events.send(new PutTargetsCommand({ Rule: 'to-function', Targets: [{ Id: 'function', Arn }] }));
  const took = await timesOf(eddy, () => {
    const Detail = JSON.stringify({ start: now() });
    return events.send(new PutEventsCommand({ Entries: [{ Source: 'bench', DetailType: 'Timed', Detail }] }));
  });
  return {
    what: 'PutEvents to function invoked (warm), p50 end to end',
    value: median(took.slice(-RUNS)),
    unit: 'ms',
    goal: { kind: 'at-most', reach: 15, beyond: 5 },
    note: `${took.length} invocations seen`,
  };
}

/** Rules as a company's would be: a source, a type, and a field or two of the detail. */
function patternOf(i: number): string {
  const detail = { region: [`region-${i % 40}`], kind: [{ prefix: `kind-${i}` }], total: [{ numeric: ['>', i] }] };
  return JSON.stringify({ source: [`service-${i % 500}`], 'detail-type': [`Type ${i}`], detail });
}

async function putRules(eddy: Running, from: number, to: number): Promise<void> {
  const events = clients.events(eddy);
  let next = from;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < to; i = next++) {
      await events.send(new PutRuleCommand({ Name: `rule-${i}`, EventBusName: 'many', EventPattern: patternOf(i) }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function* manyRules(dataDirectory: string): AsyncGenerator<Figure> {
  const first = await startEddy({ dataDirectory });
  await clients.events(first).send(new CreateEventBusCommand({ Name: 'many' }));
  await putRules(first, 0, RULES_OF_STALL);
  yield await stall(first);
  await putRules(first, RULES_OF_STALL, RULES);
  await first.stop();
  const idle = await startEddy({ dataDirectory: `${dataDirectory}-idle` });
  const loaded = await startEddy({ dataDirectory });
  const bytes = residentBytes(loaded.pid) - residentBytes(idle.pid);
  await Promise.all([idle.stop(), loaded.stop()]);
  yield {
    what: `memory per rule at ${RULES} rules (resident set, after a start)`,
    value: Math.round(bytes / RULES),
    unit: 'B',
    goal: { kind: 'at-most', reach: 4096, beyond: 1536 },
  };
}

/** Nearly the greatest size, in small fields whose names no rule knows, and some that all do. */
function hugeDetail(): string {
  const fields: Record<string, unknown> = { region: 'region-1', kind: 'kind-9999', total: 1 };
  for (let i = 0; i < 39_000; i += 1) fields[`field-${i}`] = { at: i };
  return JSON.stringify(fields);
}

async function stall(eddy: Running): Promise<Figure> {
  const events = clients.events(eddy);
  const Detail = hugeDetail();
  const entry = { EventBusName: 'many', Source: 'service-1', DetailType: 'Type 1', Detail };
  const canary = await startCanary(eddy);
  for (let i = 0; i < 20; i += 1) await events.send(new PutEventsCommand({ Entries: [entry] }));
  const { median: usual, longest } = await canary.end();
  return {
    what: `longest wait of another request while 20 events of ${Math.round(Detail.length / 1024)} KiB meet ${RULES_OF_STALL} rules`,
    value: longest,
    unit: 'ms',
    goal: { kind: 'at-most', reach: 50 },
    note: `median ${usual.toFixed(1)} ms`,
  };
}
