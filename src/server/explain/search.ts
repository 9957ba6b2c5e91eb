// One explanation while it looks through the journal: entries that may belong are decoded, the trails say what does, the rest is told.

import { utf8Decode } from '#base/bytes.ts';
import { parseUuid } from '#base/uuid.ts';
import type { Cell } from '#cell/cell.ts';
import { readEntry } from '#cell/entry.ts';
import { decodeStoredMessage } from '#model/stored-message.ts';
import type { RecordedEvent, RuleExplanation } from '#services/events/observing/explain-rules.ts';
import type { ReplayedEntry } from '#storage/journal.ts';
import type { JourneyAnswer, JourneyStep } from '../admin-api/contract.ts';
import { ChannelTrail } from './channel-trail.ts';
import { type FollowedEntry, kindNeedles, type ReadFact } from './followed-entry.ts';
import { objectStanding } from './object-standing.ts';
import { ObjectTrail } from './object-trail.ts';
import { packStanding } from './pack-standing.ts';
import { PackTrail } from './pack-trail.ts';
import { recordStanding } from './record-standing.ts';
import { RecordTrail } from './record-trail.ts';
import { type StoryTeller, spelledOut } from './story-teller.ts';
import type { Subject } from './subject.ts';
import { placeSentences } from './summary.ts';
import { Trail } from './trail.ts';

/** Facts about batches of messages, which name their messages and no queue. */
const BATCH_FACTS: ReadonlySet<string> = new Set([
  ...['lambda.BatchInvoked', 'lambda.MessagesFilteredOut', 'pipes.PipeBatchTaken', 'pipes.PipeMessagesFilteredOut'],
  ...['pipes.PipeAsked', 'pipes.PipeRetryPlanned', 'pipes.PipeBatchEnriched', 'pipes.PipeBatchEnded'],
]);

const STEPS_MAX = 5_000;
/** An event goes over two buses more at most. */
const BUSES_MAX = 10;
/** What a target was given is shown as far as a line takes it. */
const MADE_LENGTH_MAX = 300;
/** Where an entry's time is: behind the byte of its version. */
const TIME_OFFSET = 1;

export interface ExplainerOptions {
  readonly cell: Cell;
  readonly teller: StoryTeller;
  /** A queue's name for people. */
  readonly queueName: (number: number) => string;
  /** The rules that an event met, one by one. */
  readonly rulesOf: (event: RecordedEvent) => Iterable<RuleExplanation>;
}

export class Search {
  private readonly trail: Trail;
  readonly records: RecordTrail;
  private readonly packs: PackTrail;
  readonly objects: ObjectTrail;
  private readonly channels: ChannelTrail;
  private readonly batchNeedles: readonly Buffer[];
  private needles: Buffer[] = [];
  private needleCount = -1;
  private readonly steps: JourneyStep[] = [];
  private readonly denials = new Set<string>();
  /** The first time that the event was put on each bus: rules hand it from one to another. */
  readonly events: RecordedEvent[] = [];

  constructor(
    private readonly asked: string,
    private readonly subject: Subject,
    private readonly options: ExplainerOptions,
  ) {
    const { cell } = options;
    this.trail = new Trail(subject.kind === 'id' ? subject.id : asked);
    this.records = new RecordTrail(cell, this.trail);
    this.objects = new ObjectTrail(cell, this.trail);
    const index = subject.kind === 'id' ? (subject.index ?? 0) : 0;
    this.packs = new PackTrail(cell, this.trail, { records: this.records, objects: this.objects, index });
    this.channels = new ChannelTrail(cell, this);
    this.batchNeedles = kindNeedles(cell, BATCH_FACTS);
  }

  /** False: memory says that there is nothing to look for. */
  begin(): boolean {
    if (this.subject.kind === 'object') return this.objects.add(this.subject.bucket, this.subject.key, true);
    if (this.subject.kind === 'id') return true;
    this.records.begin(this.subject);
    return this.records.records.length > 0;
  }

  /** Epoch milliseconds before which nothing is to be found. */
  get sinceMs(): number {
    return this.subject.kind === 'record' ? this.subject.parsed.seconds * 1000 : 0;
  }

  visit(replayed: ReplayedEntry): void {
    if (!this.mayBelong(replayed.facts)) return;
    const { cell, teller } = this.options;
    const facts: ReadFact[] = [];
    const slots: number[] = [];
    const head = readEntry(replayed.facts, (encoded) => {
      const read = teller.read(encoded);
      if (read === undefined) return;
      if (read.name === 'PayloadStored') slots.push(read.fact['payload'] as number);
      else facts.push(read);
    });
    const entry: FollowedEntry = {
      nowMs: head.nowMs,
      requestId: head.requestId,
      facts,
      payloads: slots.map((slot, i) => ({ slot, messageId: messageIdOf(replayed.payloadBytes[i]) })),
      bytesOf: (slot) => replayed.payloadBytes[slots.indexOf(slot as number)],
    };
    const own = this.ownOf(entry);
    if (own.size === 0) return;
    const caller = head.caller === 0 ? undefined : cell.memory.callers.get(head.caller);
    for (const fact of facts) {
      if (own.has(fact)) this.noteEvent(fact, entry);
      const told = spelledOut(fact, (number) => cell.memory.verdicts.get(number));
      if (told.fact['decision'] !== undefined && told.fact['decision'] !== 'allow') this.addDenial(told);
      else if (told.name === 'VerdictNoted' || own.has(fact))
        this.addStep(told, { ...head, caller: caller?.principal, made: madeText(fact, entry) });
    }
  }

  /** Undefined: nothing is known. */
  async answer(): Promise<JourneyAnswer | undefined> {
    const { cell, queueName } = this.options;
    const standings = [
      await recordStanding(cell, this.records.records),
      await packStanding(cell, this.packs),
      objectStanding(cell, this.objects.objects),
    ];
    const isKnown = this.steps.length > 0 || this.records.records.length > 0;
    if (!isKnown) return undefined;
    const places = placeSentences(this.trail.places.values(), { queueName, nowMs: cell.nowMs });
    const sentences = [...places, ...standings.flatMap((standing) => standing.sentences)];
    const sections = standings.flatMap((standing) => standing.sections);
    return {
      id: this.asked,
      steps: this.steps,
      denials: [...this.denials],
      ...(sections.length === 0 ? {} : { sections }),
      summary: sentences.length === 0 ? 'It waits in no queue.' : sentences.join('\n'),
    };
  }

  /** What batches became is learned first: their targets' facts are in the same entry, before the one that says so. */
  private ownOf(entry: FollowedEntry) {
    this.records.learn(entry);
    this.packs.learn(entry);
    this.channels.learn(entry);
    this.objects.learn(entry);
    const own = new Set(this.trail.follow(entry));
    this.records.follow(entry, own);
    this.packs.follow(entry, own);
    this.channels.follow(own);
    this.objects.follow(entry, own);
    return own;
  }

  private addStep(
    fact: ReadFact,
    head: {
      nowMs: number;
      requestId: string | undefined;
      caller: string | undefined;
      made: string | undefined;
    },
  ): void {
    if (this.steps.length >= STEPS_MAX) return;
    const told = this.options.teller.tell(fact);
    if (told === undefined) return;
    const { requestId, caller, made } = head;
    const at = new Date(head.nowMs).toISOString();
    const { service } = told;
    const story = made === undefined ? told.story : `${told.story}: ${made}`;
    this.steps.push({ at, service, fact: fact.name, story, requestId: requestId ?? null, caller: caller ?? null });
  }

  private noteEvent({ name, fact }: ReadFact, entry: FollowedEntry): void {
    if (name !== 'EventPut' || this.events.length >= BUSES_MAX) return;
    if (this.events.some(({ bus }) => bus === fact['bus'])) return;
    const text = textOf(fact, entry);
    if (text === undefined) return;
    const { bus, rules } = fact as { readonly bus: number; readonly rules: readonly number[] };
    this.events.push({ bus, text, atMs: entry.nowMs, matched: rules });
  }

  private addDenial(denial: ReadFact): void {
    const told = this.options.teller.tell(denial);
    if (told !== undefined) this.denials.add(told.story);
  }

  /** Searching bytes is native code; decoding is not. */
  private mayBelong(facts: Uint8Array): boolean {
    const bytes = Buffer.from(facts.buffer, facts.byteOffset, facts.byteLength);
    if (this.trail.followsDeliveries || this.records.mayBePutAt(bytes.readDoubleLE(TIME_OFFSET))) return true;
    return this.currentNeedles().some((needle) => bytes.includes(needle));
  }

  /** Trails only grow: they are asked again when one of them has. */
  private currentNeedles(): readonly Buffer[] {
    const { ids, followedQueues } = this.trail;
    const { records, packs, objects } = this;
    const count = ids.size + followedQueues.size + records.records.length + packs.packs.length + objects.size;
    if (this.needleCount === count) return this.needles;
    this.needleCount = count;
    this.needles = [...ids].flatMap((id) => parseUuid(id) ?? []).map((id) => Buffer.from(id));
    this.needles.push(...records.needles, ...packs.needles, ...objects.needles, ...this.channels.needles);
    if (followedQueues.size > 0) this.needles.push(...this.batchNeedles);
    for (const queue of followedQueues) {
      const needle = Buffer.alloc(4);
      needle.writeUInt32LE(queue);
      this.needles.push(needle);
    }
    return this.needles;
  }
}

/** What a rule made of the event for one of its targets. */
function madeText({ name, fact }: ReadFact, entry: FollowedEntry): string | undefined {
  if (name !== 'EventShaped') return undefined;
  const text = textOf(fact, entry);
  if (text === undefined || text.length <= MADE_LENGTH_MAX) return text;
  return `${text.slice(0, MADE_LENGTH_MAX - 1)}…`;
}

/** The text of a payload that the fact names, when it is of the same entry. */
function textOf(fact: ReadFact['fact'], { bytesOf }: FollowedEntry): string | undefined {
  const bytes = bytesOf(fact['payload']);
  return bytes === undefined ? undefined : utf8Decode(bytes);
}

function messageIdOf(payload: Uint8Array | undefined): string | undefined {
  if (payload === undefined) return undefined;
  try {
    return decodeStoredMessage(payload).messageId;
  } catch {
    // Not a stored message (an event's JSON, an invocation's input): it is known by its slot only.
    return undefined;
  }
}
