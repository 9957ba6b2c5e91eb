// `eddy status`, `wait` and `stop`.

import type { StatusAnswer } from '#server/admin-api/contract.ts';
import { parseDuration } from '../duration.ts';
import { CommandProblem, EXIT } from '../exit-codes.ts';
import type { ServerClient } from '../server-client.ts';

const POLL_MS = 50;

export async function status(client: ServerClient, isJson: boolean): Promise<string> {
  const answer = await client.get<StatusAnswer>('/_eddy/status');
  if (isJson) return JSON.stringify(answer);
  const due = answer.clock.nextDueAt === null ? 'nothing due' : `next due ${answer.clock.nextDueAt}`;
  return [
    `Eddy ${answer.version} at ${answer.url}, process ${answer.pid}, since ${answer.startedAt}`,
    `  data           ${answer.dataDir ?? 'in memory'} (${answer.durability})`,
    `  authentication ${answer.auth}`,
    `  permissions    ${answer.iam}`,
    `  clock          ${answer.clock.mode}, ${answer.clock.now}, ${due}`,
    `  requests       ${answer.requests}, of which refused ${answer.refused}; long polls waiting ${answer.waitingPolls}`,
    `  messages       ${answer.payloads.count} bodies, ${mebibytes(answer.payloads.bytes)}`,
    `  journal        ${mebibytes(answer.journal.end)} written, ${answer.journal.segments} segments`,
    `  memory         ${mebibytes(answer.memoryBytes)}`,
  ].join('\n');
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

/** Waits until the server takes requests. */
export async function waitReady(client: ServerClient, timeout: string): Promise<void> {
  const untilMs = performance.now() + parseDuration(timeout);
  while ((await client.probe('/_eddy/ready')) !== 200) {
    if (performance.now() > untilMs) {
      throw new CommandProblem(EXIT.timedOut, `Eddy at ${client.endpoint} was not ready after ${timeout}.`);
    }
    await pause();
  }
}

/** Asks the server's process to end, and waits until it has. */
export async function stop(client: ServerClient, timeout: string): Promise<string> {
  const { pid } = await client.get<StatusAnswer>('/_eddy/status');
  const { hostname } = new URL(client.endpoint);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new CommandProblem(EXIT.usage, `${hostname} is another machine: stop the server there.`);
  }
  signal(pid, 'SIGTERM');
  const untilMs = performance.now() + parseDuration(timeout);
  while (isAlive(pid)) {
    if (performance.now() > untilMs) {
      throw new CommandProblem(EXIT.timedOut, `Process ${pid} is still ending after ${timeout}.`);
    }
    await pause();
  }
  return `Stopped process ${pid}.`;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'EPERM' ? 'belongs to somebody else' : 'is not on this machine';
    throw new CommandProblem(EXIT.failed, `Process ${pid} ${reason}.`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
