// What is of an object now: its versions, when it expires, and what each notification rule of its bucket says to what happened last.

import type { Cell } from '#cell/cell.ts';
import type { BucketDoc } from '#services/s3/bucket.ts';
import { orderedKey } from '#services/s3/key-order.ts';
import { expiryOf } from '#services/s3/lifecycle-rules.ts';
import { type NotificationRule, rulesOf } from '#services/s3/notification-rules.ts';
import type { ObjectVersion, S3State } from '#services/s3/state.ts';
import { allOf, isMarker, shownVersionId } from '#services/s3/versions.ts';
import { stateOf } from './followed-entry.ts';
import type { FollowedObject } from './object-trail.ts';
import { counted, iso, type Section, type Standing, section } from './standing.ts';

const EVENTS_SHOWN = 5;
const VERSIONS_SHOWN = 20;

export function objectStanding(cell: Cell, objects: readonly FollowedObject[]): Standing {
  const state = stateOf<S3State>(cell, 's3');
  const sections: Section[] = [];
  const sentences: string[] = [];
  for (const object of objects) {
    const bucket = state?.buckets.get(object.bucket);
    const versions = allOf(state?.contents.get(object.bucketId)?.objects.get(orderedKey(object.key)));
    sentences.push(...sentencesOf(object, bucket, versions));
    if (!object.isAsked || bucket === undefined) continue;
    sections.push(
      ...section('Versions', versions.length > 1 ? versions.slice(0, VERSIONS_SHOWN).map(versionLine) : []),
    );
    const { lastEvent } = object;
    if (lastEvent !== undefined) sections.push(...section(`Notifications of ${lastEvent}`, ruleLines(bucket, object)));
  }
  return { sections, sentences };
}

function sentencesOf(
  { bucket: name, key }: FollowedObject,
  bucket: BucketDoc | undefined,
  versions: readonly ObjectVersion[],
): readonly string[] {
  const url = `s3://${name}/${key}`;
  const [newest] = versions;
  if (newest === undefined || bucket === undefined) return [`${url} is not there.`];
  if (isMarker(newest)) return [`${url} is hidden by a delete marker since ${iso(newest.atMs)}.`];
  const there = `${url} is there: ${counted(newest.bytes, 'byte')}, written ${iso(newest.atMs)}.`;
  const expiry = expiryOf(bucket.lifecycle ?? [], key, newest);
  if (expiry === undefined) return [there];
  return [there, `It expires at ${iso(expiry.atMs)} by the lifecycle rule ${expiry.ruleId}.`];
}

function versionLine(version: ObjectVersion): string {
  const what = isMarker(version) ? 'delete marker' : counted(version.bytes, 'byte');
  return `${iso(version.atMs)}  version ${shownVersionId(version)}: ${what}`;
}

function ruleLines({ notifications }: BucketDoc, object: FollowedObject): readonly string[] {
  if (notifications === undefined) return ['the bucket has no notifications'];
  const rules = rulesOf(notifications).map((rule) => ({ rule, misses: missesOf(rule, object) }));
  // What was notified is known by its target: a rule that wants it now is taken for the one that did it.
  const done = new Set(rules.filter(({ misses }) => misses.length === 0).map(({ rule }) => rule.targetArn));
  const lines = rules.map(({ rule: { id, targetArn }, misses }) => {
    const wasNotified = object.notified.has(targetArn) && (misses.length === 0 || !done.has(targetArn));
    return `${id} to ${targetArn}: ${verdict(misses, wasNotified)}`;
  });
  const isOnBus = notifications.EventBridgeConfiguration !== undefined;
  const sent = [...object.notified].some((target) => target.includes(':event-bus/'));
  return [...lines, `EventBridge: ${isOnBus ? (sent ? 'sent' : 'is on now, and was not then') : 'is not turned on'}`];
}

function missesOf({ events, prefix, suffix }: NotificationRule, object: FollowedObject): readonly string[] {
  const { key, lastEvent = '' } = object;
  const misses: string[] = [];
  if (!events.has(lastEvent)) {
    const wanted = [...events];
    const more = wanted.length > EVENTS_SHOWN ? ` or ${wanted.length - EVENTS_SHOWN} more` : '';
    misses.push(`event: expected ${wanted.slice(0, EVENTS_SHOWN).join(' or ')}${more}, found ${lastEvent}`);
  }
  if (!key.startsWith(prefix)) misses.push(`prefix: expected ${JSON.stringify(prefix)}, found ${JSON.stringify(key)}`);
  if (!key.endsWith(suffix)) misses.push(`suffix: expected ${JSON.stringify(suffix)}, found ${JSON.stringify(key)}`);
  return misses;
}

function verdict(misses: readonly string[], wasNotified: boolean): string {
  if (misses.length === 0) return wasNotified ? 'matched' : 'matches now, and did not then: it was changed since';
  return wasNotified ? `matched then; now ${misses.join('; ')}` : misses.join('; ');
}
