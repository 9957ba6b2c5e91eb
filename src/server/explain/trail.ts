// Which facts of the journal belong to one message. A trail starts with an id and learns on the way what the message is called elsewhere:
// its payload within an entry, its place (queue and sequence) in each queue, its deliveries, the id it got when it was moved back.
//
// Facts are read by the names of their fields, not by their kinds: `queue` with `sequence` or `sequences` is a place in a queue, `delivery`
// a delivery, whichever service decided them.

export interface TrailFact {
  readonly name: string;
  readonly fact: Readonly<Record<string, unknown>>;
}

export interface TrailEntry {
  readonly requestId: string | undefined;
  readonly facts: readonly TrailFact[];
  /** Slots of payloads stored in this entry, with the id of the message inside. */
  readonly payloads: readonly { readonly slot: number; readonly messageId: string | undefined }[];
}

/** Where a message is in one queue, as far as the facts have told. */
export type PlaceState = 'waiting' | 'received' | 'deleted' | 'dead-lettered' | 'moved back' | 'expired' | 'purged';

export interface Place {
  readonly queue: number;
  readonly sequence: number;
  state: PlaceState;
  receiveCount: number;
  hiddenUntilMs: number | undefined;
}

/** What a fact about a place in a queue makes of it. */
const STATE_AFTER: Readonly<Record<string, PlaceState>> = {
  MessagesReceived: 'received',
  GroupMessagesReceived: 'received',
  MessagesDeleted: 'deleted',
  MessageDeadLettered: 'dead-lettered',
  MessageRedriven: 'moved back',
  MessagesExpired: 'expired',
};

/** Fields with another name of it: an event's behind a bus of another region, the message's that a topic made of it, the dead letter's. */
const NAMES_FROM_HERE = ['newEventId', 'publishedId', 'deadLetterId'];

/** Beyond this a fan-out is told by its first places only. */
const PLACES_MAX = 1_000;

export class Trail {
  readonly ids: Set<string>;
  /** Ids that the message got in the queues it went to. */
  private readonly copies = new Set<string>();
  readonly places = new Map<string, Place>();
  private readonly queues = new Set<number>();
  /** By delivery: the slot of its payload. */
  private readonly deliveries = new Map<number, number>();
  /** Numbers of asynchronous invocations. */
  private readonly invocations = new Set<number>();

  constructor(readonly id: string) {
    this.ids = new Set([id]);
  }

  /** Queue numbers that further facts may speak of. */
  get followedQueues(): ReadonlySet<number> {
    return this.queues;
  }

  get followsDeliveries(): boolean {
    return this.deliveries.size > 0 || this.invocations.size > 0;
  }

  /** The facts of the entry that belong to the message, in order. */
  follow(entry: TrailEntry): TrailFact[] {
    this.learnIds(entry, this.slotsIn(entry));
    const slots = this.slotsIn(entry);
    const isOwnRequest = entry.requestId !== undefined && this.ids.has(entry.requestId);
    for (const { fact } of entry.facts) this.followHandedOn(fact);
    const origins = this.originsIn(entry);
    return entry.facts.filter((each) => origins.has(each) || this.belongs(each, slots) || isOwnRequest);
  }

  private slotsIn({ payloads }: TrailEntry): Set<number> {
    const own = payloads.filter(({ messageId }) => messageId !== undefined && this.ids.has(messageId));
    return new Set(own.map(({ slot }) => slot));
  }

  /** What it is called from here on is often said behind the facts that call it so: first all of its names, then its facts. */
  private learnIds({ facts }: TrailEntry, own: Set<number>): void {
    for (const { fact } of facts) {
      const { payload, delivery } = fact;
      const isAbout = this.isAboutEvent(fact);
      if (isAbout && typeof payload === 'number') own.add(payload);
      const isOwn = isAbout || own.has(payload as number) || this.deliveries.has(delivery as number);
      for (const name of isOwn ? NAMES_FROM_HERE : []) {
        const id = fact[name];
        if (typeof id === 'string') this.ids.add(id);
      }
    }
  }

  /** What made the message in this entry, without naming it: facts about its payload that are about no place and no delivery (a schedule's run). */
  private originsIn({ facts }: TrailEntry): ReadonlySet<TrailFact> {
    const own = facts.filter(({ fact }) => typeof fact['messageId'] === 'string' && this.ids.has(fact['messageId']));
    const slots = new Set(own.map(({ fact }) => fact['payload']));
    const isOrigin = ({ fact: { payload, queue, delivery, messageId } }: TrailFact): boolean =>
      queue === undefined && delivery === undefined && messageId === undefined && slots.has(payload);
    return new Set(
      slots.size === 0 ? [] : facts.filter((each) => typeof each.fact['payload'] === 'number' && isOrigin(each)),
    );
  }

  /** A pipe's batch: what the target calls the message, or all messages together. The target's facts are in the same entry. */
  private followHandedOn(fact: TrailFact['fact']): void {
    const { handedOn, together } = fact;
    if (typeof together === 'string' && this.names(fact)) this.ids.add(together);
    if (!Array.isArray(handedOn)) return;
    for (const { from, to } of handedOn as readonly { readonly from: string; readonly to: string }[]) {
      if (this.isKnown(from)) this.ids.add(to);
    }
  }

  private belongs({ name, fact }: TrailFact, slots: Set<number>): boolean {
    const { messageId, requestId, payload, delivery, queue, event } = fact;
    let isOwn = typeof messageId === 'string' && this.ids.has(messageId);
    if (typeof requestId === 'string' && this.ids.has(requestId)) isOwn = true;
    if (this.isAboutEvent(fact)) {
      isOwn = true;
      // Its text, and what was made of it: facts of the same entry about these bytes are about the event.
      if (typeof payload === 'number') slots.add(payload);
    }
    if (typeof payload === 'number' && slots.has(payload)) isOwn = true;
    if (typeof event === 'number') isOwn = this.followInvocation(event, isOwn);
    if (typeof delivery === 'number') isOwn = this.followDelivery(delivery, { isOwn, payload, slots });
    if (typeof queue !== 'number') return isOwn || this.names(fact);
    if (name === 'QueuePurged') return this.purge(queue);
    const { sequence, sequences } = fact;
    if (isOwn && typeof sequence === 'number' && !Array.isArray(sequences)) {
      this.addPlace(queue, sequence);
      if (typeof messageId === 'string') this.copies.add(messageId);
    }
    const touched = Array.isArray(sequences) ? (sequences as number[]) : typeof sequence === 'number' ? [sequence] : [];
    for (const each of touched) {
      const place = this.places.get(`${queue}/${each}`);
      if (place === undefined) continue;
      isOwn = true;
      this.note(place, name, fact);
    }
    return isOwn;
  }

  private isAboutEvent({ eventId, reference }: TrailFact['fact']): boolean {
    if (typeof reference === 'string' && this.ids.has(reference)) return true;
    return typeof eventId === 'string' && this.ids.has(eventId);
  }

  private followInvocation(event: number, isOwn: boolean): boolean {
    if (isOwn) this.invocations.add(event);
    return isOwn || this.invocations.has(event);
  }

  /** A batch that was handed to a function or a pipe names its messages. */
  private names({ messageIds }: TrailFact['fact']): boolean {
    if (!Array.isArray(messageIds)) return false;
    return (messageIds as string[]).some((id) => this.isKnown(id));
  }

  private isKnown(id: string): boolean {
    return this.ids.has(id) || this.copies.has(id);
  }

  private followDelivery(
    delivery: number,
    { isOwn, payload, slots }: { isOwn: boolean; payload: unknown; slots: Set<number> },
  ): boolean {
    const known = this.deliveries.get(delivery);
    // The target's fact of the same entry names the payload, not the delivery.
    if (known !== undefined) slots.add(known);
    else if (isOwn && typeof payload === 'number') this.deliveries.set(delivery, payload);
    return isOwn || known !== undefined;
  }

  private addPlace(queue: number, sequence: number): void {
    const key = `${queue}/${sequence}`;
    if (this.places.has(key) || this.places.size >= PLACES_MAX) return;
    this.queues.add(queue);
    this.places.set(key, { queue, sequence, state: 'waiting', receiveCount: 0, hiddenUntilMs: undefined });
  }

  private note(place: Place, name: string, fact: Readonly<Record<string, unknown>>): void {
    const { atMs, hiddenMs, target, targetSequence, messageId } = fact;
    place.state = STATE_AFTER[name] ?? place.state;
    if (place.state === 'received' && STATE_AFTER[name] === 'received') place.receiveCount += 1;
    if (typeof atMs === 'number' && typeof hiddenMs === 'number') place.hiddenUntilMs = atMs + hiddenMs;
    if (typeof target === 'number' && typeof targetSequence === 'number') {
      this.addPlace(target, targetSequence);
      if (typeof messageId === 'string') this.ids.add(messageId);
    }
  }

  private purge(queue: number): boolean {
    let isOwn = false;
    for (const place of this.places.values()) {
      if (place.queue !== queue || (place.state !== 'waiting' && place.state !== 'received')) continue;
      place.state = 'purged';
      isOwn = true;
    }
    return isOwn;
  }
}
