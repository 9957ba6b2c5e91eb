// Which facts belong to objects: those that name bucket and key, the uploads that become them, and the notifications that they cause.

import type { Cell } from '#cell/cell.ts';
import type { S3State } from '#services/s3/state.ts';
import {
  type FollowedEntry,
  isFact,
  isOwnRequest,
  type Learned,
  type ReadFact,
  stateOf,
  textNeedle,
} from './followed-entry.ts';
import type { TrailFact } from './trail.ts';

export interface FollowedObject {
  readonly bucketId: number;
  readonly bucket: string;
  readonly key: string;
  /** It is what was asked about, or what the asked request wrote: its rules are told. */
  readonly isAsked: boolean;
  /** The last of its events that could be notified, with S3's name of it. */
  lastEvent: string | undefined;
  /** ARNs of who was told of it. */
  notified: ReadonlySet<string>;
}

/** What one record becomes is told of the first objects. */
const OBJECTS_MAX = 50;

export class ObjectTrail {
  readonly objects: FollowedObject[] = [];
  private readonly uploads = new Set<string>();

  constructor(
    private readonly cell: Cell,
    private readonly learned: Learned,
  ) {}

  /** Grows when there are more needles. */
  get size(): number {
    return this.objects.length + this.uploads.size;
  }

  get needles(): readonly Buffer[] {
    return [...this.objects.map(({ key }) => textNeedle(key)), ...[...this.uploads].map(textNeedle)];
  }

  /** False: there is no such bucket (any more). */
  add(bucket: string, key: string, isAsked: boolean): boolean {
    const bucketId = stateOf<S3State>(this.cell, 's3')?.buckets.get(bucket)?.id;
    if (bucketId === undefined) return false;
    const isKnown = this.objects.some((one) => one.bucketId === bucketId && one.key === key);
    if (!isKnown && this.objects.length < OBJECTS_MAX) {
      this.objects.push({ bucketId, bucket, key, isAsked, lastEvent: undefined, notified: new Set() });
    }
    return true;
  }

  /** Before the other trails: messages and events that tell of the objects. */
  learn(entry: FollowedEntry): void {
    if (isOwnRequest(entry, this.learned)) this.addWritten(entry);
    if (this.objects.length === 0) return;
    for (const each of entry.facts) {
      if (each.service !== 's3') continue;
      const object = this.objectOf(each);
      if (object === undefined) continue;
      const { uploadId, messageId } = each.fact;
      const event = eventOf(each, entry);
      if (event !== undefined) {
        object.lastEvent = event;
        object.notified = targetsOf(entry, object);
      }
      if (isFact(each, 's3.UploadBegun') && typeof uploadId === 'string') this.uploads.add(uploadId);
      if (!isFact(each, 's3.EventNotified')) continue;
      if (typeof messageId === 'string') this.learned.ids.add(messageId);
      for (const { fact } of eventsAbout(entry, each)) this.learned.ids.add(String(fact['eventId']));
    }
  }

  follow(entry: FollowedEntry, own: Set<TrailFact>): void {
    for (const each of entry.facts) {
      if (this.objectOf(each) !== undefined || this.uploads.has(String(each.fact['uploadId']))) own.add(each);
    }
    for (const each of entry.facts) {
      if (!isFact(each, 's3.EventNotified')) continue;
      if (own.has(each) || eventsAbout(entry, each).some((event) => own.has(event))) addCause(entry, each, own);
    }
  }

  /** What the asked request wrote or removed. */
  private addWritten({ facts }: FollowedEntry): void {
    for (const each of facts) {
      const { bucket, key } = each.fact;
      if (each.service !== 's3' || typeof key !== 'string') continue;
      const name = stateOf<S3State>(this.cell, 's3')?.buckets.by('byId', String(bucket))[0]?.name;
      if (name !== undefined) this.add(name, key, true);
    }
  }

  private objectOf({ service, fact: { bucket, key } }: ReadFact): FollowedObject | undefined {
    return service === 's3' ? this.objects.find((one) => one.bucketId === bucket && one.key === key) : undefined;
  }
}

function targetsOf({ facts }: FollowedEntry, { bucketId, key }: FollowedObject): ReadonlySet<string> {
  const told = facts.filter(
    (each) => isFact(each, 's3.EventNotified') && each.fact['bucket'] === bucketId && each.fact['key'] === key,
  );
  return new Set(told.map(({ fact }) => String(fact['targetArn'])));
}

/** What happened to the object that an event tells of. */
function addCause({ facts }: FollowedEntry, notified: ReadFact, own: Set<TrailFact>): void {
  const { bucket, key } = notified.fact;
  for (const each of facts) {
    const isCause = each.service === 's3' && each.name !== 'EventNotified';
    if (each === notified || (isCause && each.fact['bucket'] === bucket && each.fact['key'] === key)) own.add(each);
  }
}

/** Events on the bus that were made of this notification: their text names the key. */
function eventsAbout({ facts, bytesOf }: FollowedEntry, notified: ReadFact): readonly ReadFact[] {
  if (!String(notified.fact['targetArn']).includes(':event-bus/')) return [];
  const key = `"key":${JSON.stringify(notified.fact['key'])}`;
  return facts.filter((each) => {
    const bytes = isFact(each, 'events.EventPut') ? bytesOf(each.fact['payload']) : undefined;
    return bytes !== undefined && Buffer.from(bytes).includes(key);
  });
}

/** S3's name of what happened. Undefined: nothing that is notified. */
function eventOf({ name, fact }: ReadFact, { facts }: FollowedEntry): string | undefined {
  const isExpiry = fact['ruleId'] !== undefined;
  switch (name) {
    case 'ObjectPut': {
      const told = facts.find((each) => isFact(each, 's3.EventNotified') && each.fact['key'] === fact['key']);
      if (told !== undefined) return String(told.fact['eventName']);
      return fact['uploadId'] === undefined ? 'ObjectCreated:Put' : 'ObjectCreated:CompleteMultipartUpload';
    }
    case 'DeleteMarkerPut':
      return `${isExpiry ? 'LifecycleExpiration' : 'ObjectRemoved'}:DeleteMarkerCreated`;
    case 'VersionRemoved':
      return `${isExpiry ? 'LifecycleExpiration' : 'ObjectRemoved'}:Delete`;
    default:
      return undefined;
  }
}
