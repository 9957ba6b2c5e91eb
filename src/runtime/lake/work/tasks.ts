// What the thread can do, by name. A task is given its input and the packs it is about; it may be done again at any time.

import { bulkBody, httpBody, packSelection, splunkBody } from './bodies.ts';
import { copyRows } from './copy-rows.ts';
import { errorObject } from './error-object.ts';
import type { Reporter } from './job.ts';
import { checkQuery } from './partition-keys.ts';
import { prepareRecords } from './prepare.ts';
import { shapeRecords } from './shape.ts';

export type Task = (input: never, packs: readonly Uint8Array[], reporter: Reporter) => unknown;

export const TASKS: Readonly<
  Record<string, (input: unknown, packs: readonly Uint8Array[], reporter: Reporter) => unknown>
> = {
  'check-query': checkQuery as Task as never,
  prepare: prepareRecords as Task as never,
  shape: shapeRecords as Task as never,
  errors: errorObject as Task as never,
  'http-body': httpBody as Task as never,
  'splunk-body': splunkBody as Task as never,
  'bulk-body': bulkBody as Task as never,
  select: packSelection as Task as never,
  'copy-rows': copyRows as Task as never,
};
