// The proof of the ports: one suite for every engine. An engine that passes may be put under the cell.
//
// Each engine gives a factory that makes a fresh store, a way to let what was appended become durable, and, if it can, a
// way to close and reopen the store and to crash it. A test that an engine cannot run is skipped with its reason.

import { describe } from 'vitest';
import type { EngineFactory } from './conformance/engine-under-test.ts';
import { describeLives } from './conformance/lives.ts';
import { describeReadingBack } from './conformance/reading-back.ts';
import { describeStores } from './conformance/stores.ts';
import { describeWriting } from './conformance/writing.ts';

/** Runs the suite; `name` is what the titles begin with. */
export function describeEngine(name: string, factory: EngineFactory): void {
  describe(`engine ${name}`, () => {
    describeWriting(factory);
    describeReadingBack(factory);
    describeLives(factory);
    describeStores(factory);
  });
}
