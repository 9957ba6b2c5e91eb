// `/_eddy/status` for people and the command line, `/_localstack/health` for tools that look for it.

import { versionText } from '../version.ts';
import { clockAnswer } from './clock.ts';
import type { AdminContext } from './context.ts';
import type { StatusAnswer } from './contract.ts';

const DURABILITY = {
  file: 'a write is answered when it is on the disk',
  memory: 'nothing survives the process',
};

export function statusOf(context: AdminContext): StatusAnswer {
  const { config, cell, meter, url, startedAtMs } = context;
  const { requests, refused } = meter.totals();
  const { journal, kind } = cell.engine;
  return {
    version: versionText(),
    pid: process.pid,
    url,
    startedAt: new Date(startedAtMs).toISOString(),
    dataDir: config.isEphemeral ? null : config.dataDir,
    engine: kind,
    durability: kind === 'file' ? DURABILITY.file : DURABILITY.memory,
    auth: config.auth,
    iam: config.iam,
    clock: clockAnswer(context),
    requests,
    refused,
    waitingPolls: cell.parkedCount,
    payloads: { count: cell.payloads.count, bytes: cell.payloads.liveBytes },
    journal: { end: journal.end, durableEnd: journal.durableEnd, segments: journal.segments().length },
    memoryBytes: process.memoryUsage.rss(),
  };
}

/** As LocalStack answers, so that its clients' waiting loops end. */
export function healthOf({ cell, phase }: AdminContext): object {
  const state = phase() === 'ready' ? 'available' : 'disabled';
  const names = [...cell.registry.services.values()]
    .filter(({ definition }) => Object.keys(definition.operations).length > 0)
    .map(({ definition }) => [definition.name, state]);
  return { services: Object.fromEntries(names), edition: 'eddy', version: versionText() };
}
