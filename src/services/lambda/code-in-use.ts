// Which packages a function's versions still need.

import { type LambdaState, qualifiedKey } from './state.ts';

export function blobsInUse(state: LambdaState, functionKey: string): Set<string> {
  const blobs = new Set<string>();
  const doc = state.functions.get(functionKey);
  if (doc !== undefined) blobs.add(doc.latest.code.blob);
  for (const { settings } of state.versions.list(qualifiedKey(functionKey, ''))) blobs.add(settings.code.blob);
  return blobs;
}

/** All packages of all functions. */
export function allBlobs(state: LambdaState): string[] {
  const blobs = new Set<string>();
  for (const [, doc] of state.functions.entries()) blobs.add(doc.latest.code.blob);
  for (const [, version] of state.versions.entries()) blobs.add(version.settings.code.blob);
  return [...blobs];
}
