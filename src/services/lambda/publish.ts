// Freezing $LATEST as a numbered version.

import type { FunctionDoc, FunctionSettings, VersionDoc } from './documents.ts';
import type { LambdaTurn } from './find-function.ts';
import { versionKey } from './state.ts';

/** AWS: nothing new is made while neither code nor settings have changed since the last version. */
export function publish(turn: LambdaTurn, key: string, doc: FunctionDoc, description: string | undefined): VersionDoc {
  if (doc.publishedRevisionId === doc.latest.revisionId) {
    const newest = turn.state.versions.get(versionKey(key, doc.nextVersion - 1));
    if (newest !== undefined) return newest;
  }
  const version = doc.nextVersion;
  const settings = {
    ...doc.latest,
    description: description ?? doc.latest.description,
    revisionId: turn.uuid(),
    lastModifiedMs: turn.nowMs,
  };
  const published: VersionDoc = { version, settings };
  turn.put(turn.state.versions, versionKey(key, version), published);
  const after = { ...doc, nextVersion: version + 1, publishedRevisionId: doc.latest.revisionId };
  turn.put(turn.state.functions, key, after);
  return published;
}

/** The function with new settings. The same code and settings again are no change: what was published of them still is. */
export function withLatest(doc: FunctionDoc, latest: FunctionSettings): FunctionDoc {
  const isPublished = doc.publishedRevisionId === doc.latest.revisionId && contentOf(doc.latest) === contentOf(latest);
  return { ...doc, latest, ...(isPublished ? { publishedRevisionId: latest.revisionId } : {}) };
}

function contentOf({ code, environment, revisionId: _id, lastModifiedMs: _at, ...settings }: FunctionSettings): string {
  const variables = environment === undefined ? [] : [Object.entries(environment).sort()];
  return JSON.stringify([code.sha256, variables, Object.entries(settings).sort()]);
}
