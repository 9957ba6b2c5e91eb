// `eddy tail`, `peek` and `explain`: looking without changing anything.

import type { JourneyAnswer, JourneyStep, PeekAnswer, StreamPeekAnswer } from '#server/admin-api/contract.ts';
import type { ServerClient } from '../server-client.ts';

export interface PeekOptions {
  readonly region: string;
  readonly account: string;
  readonly limit: string;
}

/** Stories as they happen, until interrupted. */
export async function tail(client: ServerClient, resource: string | undefined, isJson: boolean): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  const query = resource === undefined ? '' : `?resource=${encodeURIComponent(resource)}`;
  try {
    for await (const line of client.lines(`/_eddy/tail${query}`, controller.signal)) {
      console.log(isJson ? line : stepLine(JSON.parse(line) as JourneyStep));
    }
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  }
}

export async function peek(
  client: ServerClient,
  queue: string,
  options: PeekOptions,
  isJson: boolean,
): Promise<string> {
  if (STREAM_ARN.test(queue)) return peekStream(client, queue, options, isJson);
  const { region, account, limit } = options;
  const query = new URLSearchParams({ queue, region, account, limit });
  const answer = await client.get<PeekAnswer>(`/_eddy/peek?${query}`);
  if (isJson) return answer.messages.map((message) => JSON.stringify(message)).join('\n');
  if (answer.messages.length === 0) return `${answer.queueUrl} is empty.`;
  return answer.messages
    .map((message) => {
      const receives = message.attributes['ApproximateReceiveCount'] ?? '0';
      const head = `${message.messageId}  ${message.state}, received ${receives} times`;
      const attributes = Object.entries(message.attributes).map(([name, value]) => `  ${name}: ${value}`);
      return [head, ...attributes, `  ${message.body}`].join('\n');
    })
    .join('\n\n');
}

const STREAM_ARN = /^arn:[^:]+:kinesis:/;

async function peekStream(
  client: ServerClient,
  stream: string,
  { limit }: PeekOptions,
  isJson: boolean,
): Promise<string> {
  const { records } = await client.get<StreamPeekAnswer>(`/_eddy/peek?${new URLSearchParams({ stream, limit })}`);
  if (isJson) return records.map((record) => JSON.stringify(record)).join('\n');
  if (records.length === 0) return `${stream} is empty.`;
  return records
    .map(({ sequenceNumber, arrivedAt, partitionKey, data, isBase64 }) => {
      const head = `${sequenceNumber}  came ${arrivedAt}, partition key ${JSON.stringify(partitionKey)}`;
      return `${head}\n  ${isBase64 ? 'base64: ' : ''}${data}`;
    })
    .join('\n\n');
}

export async function explain(client: ServerClient, id: string, isJson: boolean): Promise<string> {
  const answer = await client.get<JourneyAnswer>(`/_eddy/explain/${encodeURIComponent(id)}`);
  if (isJson) return JSON.stringify(answer);
  const lines = [`Journey of ${answer.id}`, ''];
  for (const step of answer.steps) lines.push(stepLine(step));
  for (const { title, lines: told } of answer.sections ?? [])
    lines.push('', `${title}:`, ...told.map((line) => `  ${line}`));
  if (answer.rules !== undefined && answer.rules.length > 0)
    lines.push('', 'Rules:', ...answer.rules.map((rule) => `  ${rule}`));
  if (answer.denials.length > 0)
    lines.push('', 'AWS would have denied:', ...answer.denials.map((denial) => `  ${denial}`));
  lines.push('', answer.summary);
  return lines.join('\n');
}

function stepLine(step: JourneyStep): string {
  const by = step.caller === null ? '' : `  (by ${step.caller})`;
  return `${step.at}  ${step.service.padEnd(10)} ${step.story}${by}`;
}
