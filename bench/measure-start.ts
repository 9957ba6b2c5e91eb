// How long until `Ready.`, and how much memory an idle server keeps.

import { type Figure, median } from './figures.ts';
import { residentBytes, startEddy } from './processes.ts';

const ROUNDS = 7;

export async function* measureStart(folder: (name: string) => string): AsyncGenerator<Figure> {
  const starts: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const eddy = await startEddy({ dataDirectory: folder(`empty-${round}`) });
    starts.push(eddy.startedMs / 1000);
    // The figure is of a server that has come to rest, not of one in the middle of starting.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    resident.push(residentBytes(eddy.pid) / 1024 / 1024);
    await eddy.stop();
  }
  yield {
    what: 'start to Ready., empty data directory',
    value: median(starts),
    unit: 's',
    goal: { kind: 'at-most', reach: 0.6, beyond: 0.25 },
  };
  yield {
    what: 'resident memory, idle',
    value: median(resident),
    unit: 'MiB',
    goal: { kind: 'at-most', reach: 110, beyond: 70 },
  };
}
