// Partial failures: the items of a batch that a function was not done with, in its answer. Source: Lambda developer guide, "Implementing partial batch
// responses"; EventBridge user guide, "Amazon EventBridge Pipes batching and concurrency".

/**
 * The ids in `{"batchItemFailures":[{"itemIdentifier":…}]}`. None when the list is missing, null or empty. Undefined when the list is not of the form or
 * names an id that is empty or not among `ids`: then the whole batch failed.
 */
export function batchItemFailuresOf(answer: object, ids: ReadonlySet<string>): Set<string> | undefined {
  const failures = (answer as { readonly batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return undefined;
  const failed = new Set<string>();
  for (const failure of failures as readonly ({ readonly itemIdentifier?: unknown } | null)[]) {
    const id = failure?.itemIdentifier;
    if (typeof id !== 'string' || !ids.has(id)) return undefined;
    failed.add(id);
  }
  return failed;
}
