// `npm run bench [-- NAME …]`: every figure the project gives for itself, as ratios side by side in one run. Absolute times
// mean little on a shared machine; quote the ratios. Strict signatures and fsync are on throughout.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figures.ts';
import { printFigure } from './figures.ts';
import { measureDepth } from './measure-depth.ts';
import { measureEvents } from './measure-events.ts';
import { measureFanOut } from './measure-fan-out.ts';
import { measureFunction } from './measure-function.ts';
import { measureObjects } from './measure-objects.ts';
import { measurePatterns } from './measure-patterns.ts';
import { measurePipeline } from './measure-pipeline.ts';
import { measureSends } from './measure-sends.ts';
import { measureStart } from './measure-start.ts';
import { measureStreams } from './measure-streams.ts';

export type Measurement = (folder: (name: string) => string) => AsyncIterable<Figure>;

const measurements: Readonly<Record<string, Measurement>> = {
  start: measureStart,
  sends: measureSends,
  fanout: measureFanOut,
  function: measureFunction,
  events: measureEvents,
  patterns: measurePatterns,
  objects: measureObjects,
  depth: measureDepth,
  pipeline: measurePipeline,
  streams: measureStreams,
};

const chosen = process.argv.slice(2).filter((name) => !name.startsWith('--'));
const unknown = chosen.filter((name) => measurements[name] === undefined);
if (unknown.length > 0)
  throw new Error(`there is no measurement ${unknown.join(', ')}: ${Object.keys(measurements).join(', ')}`);
const root = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'eddy-bench-'));
try {
  for (const [name, measure] of Object.entries(measurements)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    for await (const figure of measure((folder) => join(root, `${name}-${folder}`))) printFigure(figure);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
