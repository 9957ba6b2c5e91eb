// What lifecycle rules say of an object, a version or an upload. AWS: S3 user guide, "Expiring objects" and "Lifecycle configuration elements".

import type { LifecycleRule } from '#wire/generated/s3.ts';
import { nextMidnight } from './apply.ts';
import type { ObjectTag, ObjectVersion, Upload } from './state.ts';
import { uriEncoded } from './url-encoded.ts';
import { isMarker } from './versions.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Subject {
  readonly key: string;
  readonly bytes: number;
  readonly tags: readonly ObjectTag[];
}

/** An enabled rule speaks of the object. */
export function speaksOf({ Status, Filter, Prefix }: LifecycleRule, { key, bytes, tags }: Subject): boolean {
  if (Status !== 'Enabled') return false;
  const and = Filter?.And;
  const prefix = Prefix ?? Filter?.Prefix ?? and?.Prefix ?? '';
  const wanted = Filter?.Tag === undefined ? (and?.Tags ?? []) : [Filter.Tag];
  const greater = Filter?.ObjectSizeGreaterThan ?? and?.ObjectSizeGreaterThan;
  const less = Filter?.ObjectSizeLessThan ?? and?.ObjectSizeLessThan;
  return (
    key.startsWith(prefix) &&
    wanted.every(({ Key, Value }) => tags.some((tag) => tag.Key === Key && tag.Value === Value)) &&
    (greater === undefined || bytes > greater) &&
    (less === undefined || bytes < less)
  );
}

const subjectOf = (key: string, { bytes, extra }: ObjectVersion): Subject => ({ key, bytes, tags: extra?.tags ?? [] });

export interface Expiry {
  readonly atMs: number;
  readonly ruleId: string;
}

/** When the newest version expires, by the rule that comes first. Undefined: by none. */
export function expiryOf(rules: readonly LifecycleRule[], key: string, newest: ObjectVersion): Expiry | undefined {
  let first: Expiry | undefined;
  for (const rule of rules) {
    const { Expiration: expiration, ID: ruleId = '' } = rule;
    if (expiration === undefined || !speaksOf(rule, subjectOf(key, newest))) continue;
    const { Days, Date: date } = expiration;
    const atMs = Days === undefined ? date : nextMidnight(newest.atMs + Days * DAY_MS - 1);
    if (atMs !== undefined && (first === undefined || atMs < first.atMs)) first = { atMs, ruleId };
  }
  return first;
}

/** The rule by which a delete marker that has nothing behind it goes. */
export function ruleAgainstMarker(
  rules: readonly LifecycleRule[],
  key: string,
  { marker, nowMs }: { readonly marker: ObjectVersion; readonly nowMs: number },
): LifecycleRule | undefined {
  return rules.find((rule) => {
    const { Expiration: expiration } = rule;
    if (expiration === undefined || !speaksOf(rule, { key, bytes: 0, tags: [] })) return false;
    if (expiration.ExpiredObjectDeleteMarker === true) return true;
    return expiration.Days !== undefined && nextMidnight(marker.atMs + expiration.Days * DAY_MS - 1) <= nowMs;
  });
}

/** Versions behind the newest that are due, each with its rule; a version is noncurrent since the one before it in the list came. */
export function noncurrentDue(
  rules: readonly LifecycleRule[],
  key: string,
  { versions, nowMs }: { readonly versions: readonly ObjectVersion[]; readonly nowMs: number },
): readonly { readonly version: ObjectVersion; readonly ruleId: string }[] {
  return versions.flatMap((version, at) => {
    const successor = versions[at - 1];
    if (successor === undefined) return [];
    const subject = isMarker(version) ? { key, bytes: 0, tags: [] } : subjectOf(key, version);
    const due = rules.find((rule) => {
      const { NoncurrentDays: days, NewerNoncurrentVersions: kept = 0 } = rule.NoncurrentVersionExpiration ?? {};
      if (days === undefined || at <= kept || !speaksOf(rule, subject)) return false;
      return nextMidnight(successor.atMs + days * DAY_MS - 1) <= nowMs;
    });
    return due === undefined ? [] : [{ version, ruleId: due.ID ?? '' }];
  });
}

/** When an upload that nobody finishes is given up, by the rule that comes first. */
export function abortOf(
  rules: readonly LifecycleRule[] | undefined,
  { key, atMs }: Pick<Upload, 'key' | 'atMs'>,
): Expiry | undefined {
  let first: Expiry | undefined;
  for (const rule of rules ?? []) {
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
    if (days === undefined || !speaksOf(rule, { key, bytes: 0, tags: [] })) continue;
    const dueAtMs = nextMidnight(atMs + days * DAY_MS - 1);
    if (first === undefined || dueAtMs < first.atMs) first = { atMs: dueAtMs, ruleId: rule.ID ?? '' };
  }
  return first;
}

/** The header `x-amz-expiration`. */
export function expirationHeader(
  rules: readonly LifecycleRule[] | undefined,
  key: string,
  version: ObjectVersion,
): string | undefined {
  const expiry = rules === undefined ? undefined : expiryOf(rules, key, version);
  if (expiry === undefined) return undefined;
  return `expiry-date="${new Date(expiry.atMs).toUTCString()}", rule-id="${uriEncoded(expiry.ruleId)}"`;
}
