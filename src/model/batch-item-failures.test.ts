import { expect, test } from 'vitest';
import { batchItemFailuresOf } from './batch-item-failures.ts';

const IDS = new Set(['a', 'b']);

test.each([
  [{}, []],
  [{ batchItemFailures: null }, []],
  [{ batchItemFailures: [] }, []],
  [{ batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] }, ['b']],
  [{ batchItemFailures: 'a' }, undefined],
  [{ batchItemFailures: [null] }, undefined],
  [{ batchItemFailures: ['a'] }, undefined],
  [{ batchItemFailures: [{ itemIdentifier: '' }] }, undefined],
  [{ batchItemFailures: [{ itemIdentifier: 'c' }] }, undefined],
])('%j names %j', (answer, failed) => {
  expect(batchItemFailuresOf(answer, IDS)).toEqual(failed && new Set(failed));
});
