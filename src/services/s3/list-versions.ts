// A page of versions: by key, those of one key newest first; with a delimiter rolled up like keys. A page may end between two versions of a key.

import { orderedKey } from './key-order.ts';
import { listKeys } from './listing.ts';
import type { BucketContents, ObjectVersion } from './state.ts';
import { allOf, heldVersionId, shownVersionId } from './versions.ts';

export interface VersionsQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  /** Empty: none. */
  readonly versionIdMarker: string;
  readonly max: number;
}

export interface ListedVersion {
  readonly key: string;
  readonly version: ObjectVersion;
  readonly isLatest: boolean;
}

export interface VersionsPage {
  readonly versions: readonly ListedVersion[];
  readonly prefixes: readonly string[];
  /** The last that was shown, when there are more; a common prefix has no version. */
  readonly next: { readonly key: string; readonly versionId: string | undefined } | undefined;
}

export function listVersions(contents: BucketContents, query: VersionsQuery): VersionsPage {
  const { prefix, delimiter, keyMarker, max } = query;
  const rest = restOfMarkedKey(contents, query);
  const versions: ListedVersion[] = rest.slice(0, max);
  const prefixes: string[] = [];
  let last = lastOf(versions);
  if (versions.length < rest.length || max === 0) return { versions, prefixes, next: last };
  const page = listKeys(contents.objects, { prefix, delimiter, after: keyMarker, max: max - versions.length + 1 });
  for (const item of page.items) {
    if (versions.length + prefixes.length === max) return { versions, prefixes, next: last };
    if (item.prefix !== undefined) {
      prefixes.push(item.prefix);
      last = { key: item.prefix, versionId: undefined };
      continue;
    }
    for (const listed of versionsOf(item.key, allOf(item.value))) {
      if (versions.length + prefixes.length === max) return { versions, prefixes, next: last };
      versions.push(listed);
      last = lastOf(versions);
    }
  }
  return { versions, prefixes, next: undefined };
}

/** The markers name a version: those behind it come first. */
function restOfMarkedKey(contents: BucketContents, query: VersionsQuery): ListedVersion[] {
  const { prefix, delimiter, keyMarker, versionIdMarker } = query;
  if (versionIdMarker === '' || !keyMarker.startsWith(prefix)) return [];
  if (delimiter !== '' && keyMarker.indexOf(delimiter, prefix.length) >= 0) return [];
  const listed = versionsOf(keyMarker, allOf(contents.objects.get(orderedKey(keyMarker))));
  const at = listed.findIndex(({ version }) => version.versionId === heldVersionId(versionIdMarker));
  return at < 0 ? [] : listed.slice(at + 1);
}

function versionsOf(key: string, versions: readonly ObjectVersion[]): ListedVersion[] {
  return versions.map((version, at) => ({ key, version, isLatest: at === 0 }));
}

function lastOf(versions: readonly ListedVersion[]): VersionsPage['next'] {
  const last = versions.at(-1);
  return last === undefined ? undefined : { key: last.key, versionId: shownVersionId(last.version) };
}
