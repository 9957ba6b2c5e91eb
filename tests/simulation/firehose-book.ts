// What must be true of one delivery stream. Records have numbers that grow in the order in which they were put. An object that was put belongs to the
// journal: when a crash takes its entry, it never was. What an endpoint received stays received; it may come again only when nobody can know that
// the answer was heard.

import { promise } from './violation.ts';

/** `staged`: objects that are yet to be copied. */
export type Place = 'destination' | 'errors' | 'backup' | 'staged';
export type OrderedBy = 'all' | 'key' | 'partition' | 'nothing';

export interface BookOptions {
  readonly name: string;
  readonly hasFunction: boolean;
  readonly hasBackup: boolean;
  /** Where the order of puts is kept. */
  readonly orderedBy: OrderedBy;
  /** What a destination gets at once, whatever its age. */
  readonly sizeBytes: number;
}

interface Item {
  readonly serial: number;
  readonly key: string;
  readonly submittedAtMs: number;
  /** `void`: its stream is being deleted; `gone`: it was. */
  standing: 'maybe' | 'there' | 'refused' | 'void' | 'gone';
}

/** Records that came to a place, in this order. */
interface Arrival {
  /** Where the journal ended before: undefined when it does not depend on the journal. */
  readonly at: number | undefined;
  readonly place: Place;
  readonly serials: readonly number[];
  readonly partition: string;
}

export interface Attempt {
  readonly serials: readonly number[];
  readonly beganAtMs: number;
  isConfirmed: boolean;
  /** The journal's end when the answer had been decided upon. */
  position: number | undefined;
}

interface Failure {
  readonly atMs: number;
  lastAtMs: number;
  position: number | undefined;
  /** What attempts spent waiting for acknowledgements; the retry duration does not count it. */
  waitedMs: number;
  /** An attempt that a crash interrupted, or a bucket held up, is made once more, whatever the time. */
  wasInterrupted: boolean;
}

/** A setting with all the values that it may have: whether a change survived a crash is not known. */
export class Setting {
  private readonly values: { readonly value: number; untilMs: number | undefined }[] = [];

  constructor(first: number) {
    this.may(first);
  }

  may(value: number): void {
    this.values.push({ value, untilMs: undefined });
  }

  /** The change was answered. */
  is(value: number, nowMs: number): void {
    for (const one of this.values) if (one.value !== value) one.untilMs ??= nowMs;
  }

  since(ms: number): readonly number[] {
    return this.values.flatMap(({ value, untilMs }) => (untilMs === undefined || untilMs >= ms ? [value] : []));
  }
}

/** What the function makes of a record. */
export function fateOf(serial: number): 'ok' | 'dropped' | 'failed' {
  return serial % 17 === 0 ? 'dropped' : serial % 19 === 0 ? 'failed' : 'ok';
}

/** Beyond intervals: effects under way, the longest wait between two attempts, batches behind one another. */
const LATE_MS = 180_000;
const MOMENT_MS = 30_000;

export class StreamBook {
  readonly intervalMs = new Setting(60_000);
  readonly retryMs = new Setting(120_000);
  /** Since when nothing was in the way. */
  calmSinceMs = 0;
  private readonly items = new Map<number, Item>();
  private arrivals: Arrival[] = [];
  private counts = newCounts();
  private last = new Map<string, number>();
  /** Acknowledged, and not where they belong yet: since when. */
  private readonly open = new Map<number, number>();
  private readonly openBackup = new Map<number, number>();
  /** Put by a batch of which another object was refused: its error records are written again. */
  private readonly mayRepeat = new Set<number>();
  private readonly attempts = new Map<number, Attempt>();
  private readonly firstFailures = new Map<number, number>();
  private readonly failures = new Map<number, Failure>();
  private readonly hopeless = new Set<number>();
  /** A crash came before their error records, with which giving up is written down. */
  private readonly mayBeForgotten = new Set<number>();
  private unsettled: { position: number | undefined }[] = [];
  private settling: { position: number | undefined }[] = [];

  constructor(
    readonly options: BookOptions,
    private readonly nowMs: () => number,
  ) {}

  // ─── putting ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  put(serial: number, key: string): void {
    this.items.set(serial, { serial, key, submittedAtMs: this.nowMs(), standing: 'maybe' });
  }

  acknowledged(serial: number): void {
    const item = this.itemOf(serial);
    if (item.standing !== 'maybe') return;
    item.standing = 'there';
    this.wait(item.serial);
  }

  /** Its stream is being deleted: nothing is to be expected any more of what is there. */
  abandon(): void {
    for (const item of this.items.values()) {
      if (item.standing === 'maybe' || item.standing === 'there') item.standing = 'void';
    }
    this.open.clear();
    this.openBackup.clear();
  }

  deleted(): void {
    for (const item of this.items.values()) if (item.standing === 'void') item.standing = 'gone';
  }

  refused(serial: number): void {
    const item = this.itemOf(serial);
    if (item.standing !== 'maybe') return;
    item.standing = 'refused';
    promise(!this.isAnywhere(serial), () => `${this.name}: record ${serial} was delivered, and then refused`);
  }

  private wait(serial: number): void {
    const { hasFunction, hasBackup } = this.options;
    const isDropped = hasFunction && fateOf(serial) === 'dropped';
    const isThere = this.counts.destination.has(serial) || this.counts.errors.has(serial);
    if (!isDropped && !isThere) this.open.set(serial, this.nowMs());
    if (hasBackup && !this.counts.backup.has(serial)) this.openBackup.set(serial, this.nowMs());
  }

  // ─── arriving ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Objects are put with the journal's entry that begins at `at`. */
  objectPut(place: Place, texts: readonly string[], { at, partition }: { at: number; partition: string }): void {
    const serials = this.checkedAll(place, texts);
    for (const serial of serials) {
      const isNew = !this.counts[place].has(serial) || (place === 'errors' && this.mayRepeat.has(serial));
      promise(isNew, () => `${this.name}: record ${serial} is in two objects of the ${place}`);
    }
    this.arrive({ at, place, serials, partition });
  }

  /** Another object of the same batch was refused: the batch is tried again, but only its error records are put again. */
  putRefused(at: number): void {
    for (const arrival of this.arrivals) {
      if (arrival.at === at) for (const serial of arrival.serials) this.mayRepeat.add(serial);
    }
  }

  /** Before rows are copied the bucket must take the manifest: while it does not, nothing is copied. */
  heldUp(): void {
    const nowMs = this.nowMs();
    for (const failure of this.failures.values()) {
      failure.waitedMs += nowMs - failure.lastAtMs + MOMENT_MS;
      failure.lastAtMs = nowMs;
      failure.wasInterrupted = true;
    }
  }

  /** An endpoint is given records; `taken` are those it keeps. */
  begin(texts: readonly string[]): Attempt {
    const serials = this.checkedAll('destination', texts);
    const nowMs = this.nowMs();
    for (const serial of serials) {
      const failure = this.failures.get(serial);
      if (failure === undefined) continue;
      const untilMs = failure.atMs + Math.max(...this.retryMs.since(failure.atMs)) + failure.waitedMs + MOMENT_MS;
      promise(
        nowMs <= untilMs || failure.wasInterrupted,
        () => `${this.name}: record ${serial} is tried ${nowMs - untilMs} ms after its retries were over`,
      );
      const isOver = this.hopeless.has(serial) && !this.mayBeForgotten.has(serial);
      promise(!isOver, () => `${this.name}: record ${serial} is tried although it cannot help`);
    }
    for (const serial of serials) {
      const failure = this.failures.get(serial);
      if (failure !== undefined) failure.wasInterrupted = false;
    }
    return { serials, beganAtMs: nowMs, isConfirmed: false, position: undefined };
  }

  received(attempt: Attempt, serials: readonly number[] = attempt.serials): void {
    for (const serial of serials) {
      const before = this.attempts.get(serial);
      const isKnown = before?.isConfirmed === true && before.position !== undefined;
      promise(!isKnown, () => `${this.name}: record ${serial} was delivered again although the first answer was heard`);
      this.attempts.set(serial, attempt);
    }
    this.arrive({ at: undefined, place: 'destination', serials, partition: '' });
  }

  /** The endpoint's answer is on its way. */
  answered(attempt: Attempt): void {
    attempt.isConfirmed = true;
    this.unsettled.push(attempt);
  }

  failed(attempt: Attempt, { isRetryable, waitedMs }: { isRetryable: boolean; waitedMs: number }): void {
    for (const serial of attempt.serials) {
      const atMs = this.nowMs();
      if (!this.firstFailures.has(serial)) this.firstFailures.set(serial, atMs);
      const failure = this.failures.get(serial) ?? {
        ...{ atMs, lastAtMs: atMs, position: undefined, waitedMs: 0, wasInterrupted: false },
      };
      if (!this.failures.has(serial)) this.unsettled.push(failure);
      failure.waitedMs += waitedMs;
      failure.lastAtMs = atMs;
      this.failures.set(serial, failure);
      if (isRetryable) continue;
      this.hopeless.add(serial);
      this.mayBeForgotten.delete(serial);
    }
  }

  /** Error records say that the endpoint was given up: not before its time. */
  givenUp(texts: readonly string[]): void {
    for (const text of texts) {
      const serial = Number.parseInt(text, 10);
      const first = this.firstFailures.get(serial);
      promise(first !== undefined, () => `${this.name}: record ${serial} was given up and never tried`);
      const untilMs = (first ?? 0) + Math.min(...this.retryMs.since(first ?? 0));
      const isInTime = this.hopeless.has(serial) || this.nowMs() >= untilMs;
      promise(isInTime, () => `${this.name}: record ${serial} was given up ${untilMs - this.nowMs()} ms too early`);
    }
  }

  /** A batch is there because its oldest record has waited long enough, or because there is so much of it. */
  checkEarly(texts: readonly string[], recordBytes: number): void {
    // What a destination left over is tried again by itself.
    if (texts.every((text) => this.firstFailures.has(Number.parseInt(text, 10)))) return;
    const oldest = Math.min(...texts.map((text) => this.items.get(Number.parseInt(text, 10))?.submittedAtMs ?? 0));
    const waitedMs = this.nowMs() - oldest;
    const leastMs = Math.min(...this.intervalMs.since(oldest));
    const isDue = waitedMs >= leastMs || recordBytes >= this.options.sizeBytes;
    promise(isDue, () => `${this.name}: ${texts.length} records were delivered after ${waitedMs} of ${leastMs} ms`);
  }

  private checkedAll(place: Place, texts: readonly string[]): readonly number[] {
    const serials = texts.map((text) => this.checked(place, text));
    const twice = serials.find((serial, i) => serials.indexOf(serial) !== i);
    promise(twice === undefined, () => `${this.name}: record ${twice} comes twice at once to the ${place}`);
    return serials;
  }

  private checked(place: Place, text: string): number {
    const { name, hasFunction } = this.options;
    const serial = Number.parseInt(text, 10);
    const item = this.items.get(serial);
    promise(item !== undefined, () => `${name}: the record "${text.slice(0, 40)}" was never put`);
    promise(item?.standing !== 'gone', () => `${name}: record ${serial} was delivered after its stream was deleted`);
    promise(item?.standing !== 'refused', () => `${name}: record ${serial} was refused, and is in the ${place}`);
    const isTransformed = text.endsWith('!');
    if (place === 'destination') {
      const isRight = isTransformed === hasFunction && (!hasFunction || fateOf(serial) === 'ok');
      promise(isRight, () => `${name}: record ${serial} is in the destination as "${text.slice(-40)}"`);
    }
    promise(place !== 'backup' || !isTransformed, () => `${name}: record ${serial} is backed up after the function`);
    if (place === 'errors') {
      const isDelivered = this.counts.destination.has(serial) && this.attempts.get(serial)?.isConfirmed !== false;
      promise(
        !isDelivered || this.mayRepeat.has(serial),
        () => `${name}: record ${serial} was delivered, and is in the error bucket`,
      );
    }
    return serial;
  }

  private arrive(arrival: Arrival): void {
    const { place, serials, partition } = arrival;
    this.arrivals.push(arrival);
    for (const serial of serials) {
      if (place !== 'errors' && !this.counts[place].has(serial)) this.checkOrder(place, serial, partition);
      this.count(place, serial, partition);
    }
  }

  private count(place: Place, serial: number, partition: string): void {
    const counts = this.counts[place];
    counts.set(serial, (counts.get(serial) ?? 0) + 1);
    if (place === 'backup') this.openBackup.delete(serial);
    else if (place !== 'staged') this.open.delete(serial);
    const order = this.orderOf(place, serial, partition);
    this.last.set(order, Math.max(this.last.get(order) ?? 0, serial));
  }

  private checkOrder(place: Place, serial: number, partition: string): void {
    if (this.options.orderedBy === 'nothing' && place === 'destination') return;
    const last = this.last.get(this.orderOf(place, serial, partition)) ?? 0;
    promise(serial > last, () => `${this.name}: record ${serial} came to the ${place} behind ${last}`);
  }

  private orderOf(place: Place, serial: number, partition: string): string {
    const { orderedBy } = this.options;
    if (orderedBy === 'key') return `${place} ${this.items.get(serial)?.key}`;
    return orderedBy === 'partition' && place === 'destination' ? `${place} ${partition}` : place;
  }

  // ─── the process ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What was answered a while ago has been decided upon by now. */
  settled(position: number): void {
    for (const one of this.settling) one.position = position;
    this.settling = this.unsettled;
    this.unsettled = [];
  }

  /** Everything that began at `end` of the journal or behind it is gone. */
  crashed(end: number): void {
    this.unsettled = [];
    this.settling = [];
    const isKnown = (position: number | undefined): boolean => position !== undefined && position <= end;
    for (const attempt of this.attempts.values()) attempt.isConfirmed &&= isKnown(attempt.position);
    for (const [serial, failure] of this.failures) {
      failure.wasInterrupted = true;
      if (!isKnown(failure.position)) this.failures.delete(serial);
    }
    const kept = this.arrivals.filter(({ at }) => at === undefined || at < end);
    if (kept.length < this.arrivals.length) this.forget(kept);
    for (const serial of this.hopeless) if (!this.counts.errors.has(serial)) this.mayBeForgotten.add(serial);
  }

  private forget(kept: Arrival[]): void {
    this.arrivals = kept;
    this.counts = newCounts();
    this.last = new Map();
    for (const { place, serials, partition } of kept) {
      for (const serial of serials) this.count(place, serial, partition);
    }
    for (const { serial, standing } of this.items.values()) if (standing === 'there') this.wait(serial);
  }

  /** Nothing waits for longer than its buffers do, as long as nothing is in the way. */
  checkLate(functionMs: number): void {
    for (const [what, open] of [
      ['delivered', this.open],
      ['backed up', this.openBackup],
    ] as const) {
      const [oldest] = open;
      if (oldest === undefined) continue;
      const sinceMs = Math.max(oldest[1], this.calmSinceMs);
      const mostMs = Math.max(...this.intervalMs.since(oldest[1])) + functionMs + LATE_MS;
      const waitedMs = this.nowMs() - sinceMs;
      promise(waitedMs <= mostMs, () => `${this.name}: record ${oldest[0]} is not ${what} after ${waitedMs} ms`);
    }
  }

  get isDone(): boolean {
    return this.open.size + this.openBackup.size === 0;
  }

  get waiting(): string {
    return `${this.name}: ${[...this.open.keys()].slice(0, 5)} not delivered, ${[...this.openBackup.keys()].slice(0, 5)} not backed up`;
  }

  get recordCount(): number {
    return this.items.size;
  }

  private get name(): string {
    return this.options.name;
  }

  private isAnywhere(serial: number): boolean {
    return Object.values(this.counts).some((counts) => counts.has(serial));
  }

  private itemOf(serial: number): Item {
    const item = this.items.get(serial);
    promise(item !== undefined, () => `${this.name}: record ${serial} was never put`);
    return item as Item;
  }
}

function newCounts(): Record<Place, Map<number, number>> {
  return { destination: new Map(), errors: new Map(), backup: new Map(), staged: new Map() };
}
