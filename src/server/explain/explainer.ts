// A message's journey, read from the journal: no recording has to be switched on, and what is deleted is still told as long as its segment
// is kept. The whole history is searched for the id's sixteen bytes; only entries that have them, or speak of a queue on the trail, are decoded.

import { ByteWriter, utf8Decode } from '#base/bytes.ts';
import { parseUuid } from '#base/uuid.ts';
import type { Cell } from '#cell/cell.ts';
import { readEntry } from '#cell/entry.ts';
import { decodeStoredMessage } from '#model/stored-message.ts';
import type { RecordedEvent, RuleExplanation } from '#services/events/observing/explain-rules.ts';
import type { ReplayedEntry } from '#storage/journal.ts';
import type { JourneyAnswer, JourneyStep } from '../admin-api/contract.ts';
import { ruleLines } from './rule-lines.ts';
import type { StoryTeller } from './story-teller.ts';
import { summaryOf } from './summary.ts';
import { Trail, type TrailFact } from './trail.ts';

export interface ExplainerOptions {
  readonly cell: Cell;
  readonly teller: StoryTeller;
  /** A queue's name for people. */
  readonly queueName: (number: number) => string;
  /** The rules that an event met, one by one. */
  readonly rulesOf: (event: RecordedEvent) => Iterable<RuleExplanation>;
}

interface SearchOptions extends ExplainerOptions {
  /** How facts that name messages by text begin: entries with them are decoded. */
  readonly batchNeedles: readonly Buffer[];
}

/** Facts about batches of messages, which name their messages and no queue. */
const BATCH_FACTS: ReadonlySet<string> = new Set([
  ...['BatchInvoked', 'MessagesFilteredOut', 'PipeBatchTaken', 'PipeMessagesFilteredOut', 'PipeAsked'],
  ...['PipeRetryPlanned', 'PipeBatchEnriched', 'PipeBatchEnded'],
]);

interface ReadFact extends TrailFact {
  readonly service: string;
}

/** Entries looked at in one go, before the event loop gets its turn. */
const ENTRIES_PER_GO = 2_000;
const STEPS_MAX = 5_000;
/** An event goes over two buses more at most. */
const BUSES_MAX = 10;
/** What a target was given is shown as far as a line takes it. */
const MADE_LENGTH_MAX = 300;

export class Explainer {
  constructor(private readonly options: ExplainerOptions) {}

  /** Undefined when the id is no UUID, or nothing is known of it. */
  async explain(id: string): Promise<JourneyAnswer | undefined> {
    if (parseUuid(id) === undefined) return undefined;
    const batchNeedles = needlesOf(this.options.cell);
    const search = new Search(id.toLowerCase(), { ...this.options, batchNeedles });
    const { journal } = this.options.cell.engine;
    // What a timer or a reaction did is in memory at once, and nobody waits for its entry: a scan would end before it.
    await this.options.cell.whenWritten();
    let seen = 0;
    for (const segment of journal.segments()) {
      for await (const entry of journal.scan(segment.start)) {
        search.visit(entry);
        seen += 1;
        if (seen % ENTRIES_PER_GO === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const answer = search.answer();
    if (answer === undefined || search.events.length === 0) return answer;
    const isOnSeveral = search.events.length > 1;
    const rules: string[] = [];
    for (const event of search.events) rules.push(...(await ruleLines(this.options.rulesOf(event), isOnSeveral)));
    return { ...answer, rules };
  }
}

class Search {
  private readonly trail: Trail;
  private needles: Buffer[] = [];
  private needleCount = 0;
  private readonly steps: JourneyStep[] = [];
  private readonly denials = new Set<string>();
  /** The first time that the event was put on each bus: rules hand it from one to another. */
  readonly events: RecordedEvent[] = [];

  constructor(
    private readonly id: string,
    private readonly options: SearchOptions,
  ) {
    this.trail = new Trail(id);
  }

  visit(entry: ReplayedEntry): void {
    if (!this.mayBelong(entry.facts)) return;
    const { cell, teller } = this.options;
    const facts: ReadFact[] = [];
    const slots: number[] = [];
    const head = readEntry(entry.facts, (encoded) => {
      const read = teller.read(encoded);
      if (read === undefined) return;
      if (read.name === 'PayloadStored') slots.push(read.fact['payload'] as number);
      else facts.push(read);
    });
    const payloads = slots.map((slot, i) => ({ slot, messageId: messageIdOf(entry.payloadBytes[i]) }));
    const own = new Set(this.trail.follow({ requestId: head.requestId, facts, payloads }));
    if (own.size === 0) return;
    const caller = head.caller === 0 ? undefined : cell.callers.get(head.caller);
    for (const fact of facts) {
      if (own.has(fact)) this.noteEvent(fact, { nowMs: head.nowMs, slots, entry });
      const told = this.spelledOut(fact);
      if (told.fact['decision'] !== undefined && told.fact['decision'] !== 'allow') this.addDenial(told);
      else if (told.name === 'VerdictNoted' || own.has(fact))
        this.addStep(told, { ...head, caller: caller?.principal, made: madeText(fact, { slots, entry }) });
    }
  }

  answer(): JourneyAnswer | undefined {
    if (this.steps.length === 0) return undefined;
    const summary = summaryOf(this.trail.places.values(), {
      queueName: this.options.queueName,
      nowMs: this.options.cell.nowMs,
    });
    return { id: this.id, steps: this.steps, denials: [...this.denials], summary };
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

  private noteEvent({ name, fact }: ReadFact, { nowMs, ...stored }: StoredPayloads & { readonly nowMs: number }): void {
    if (name !== 'EventPut' || this.events.length >= BUSES_MAX) return;
    if (this.events.some(({ bus }) => bus === fact['bus'])) return;
    const text = payloadOf(fact, stored);
    if (text === undefined) return;
    const { bus, rules } = fact as { readonly bus: number; readonly rules: readonly number[] };
    this.events.push({ bus, text, atMs: nowMs, matched: rules });
  }

  /** A verdict by its number becomes the verdict; one that got none is written out wherever it was given. */
  private spelledOut(fact: ReadFact): ReadFact {
    const number = fact.fact['verdict'];
    if (fact.name === 'VerdictSeen' && number === 0) return { ...fact, name: 'VerdictNoted' };
    if (fact.name !== 'VerdictNoted') return fact;
    const verdict = this.options.cell.verdicts.get(number as number);
    return verdict === undefined ? { ...fact, name: 'VerdictSeen' } : { ...fact, fact: { ...verdict } };
  }

  private addDenial(denial: ReadFact): void {
    const told = this.options.teller.tell(denial);
    if (told !== undefined) this.denials.add(told.story);
  }

  /** Searching bytes is native code; decoding is not. */
  private mayBelong(facts: Uint8Array): boolean {
    const bytes = Buffer.from(facts.buffer, facts.byteOffset, facts.byteLength);
    return this.trail.followsDeliveries || this.currentNeedles().some((needle) => bytes.includes(needle));
  }

  private currentNeedles(): readonly Buffer[] {
    const { ids, followedQueues } = this.trail;
    if (this.needleCount === ids.size + followedQueues.size) return this.needles;
    this.needleCount = ids.size + followedQueues.size;
    this.needles = [...ids].flatMap((id) => parseUuid(id) ?? []).map((id) => Buffer.from(id));
    if (followedQueues.size > 0) this.needles.push(...this.options.batchNeedles);
    for (const queue of followedQueues) {
      const needle = Buffer.alloc(4);
      needle.writeUInt32LE(queue);
      this.needles.push(needle);
    }
    return this.needles;
  }
}

/** What a rule made of the event for one of its targets. */
function madeText({ name, fact }: ReadFact, stored: StoredPayloads): string | undefined {
  if (name !== 'EventShaped') return undefined;
  const text = payloadOf(fact, stored);
  if (text === undefined || text.length <= MADE_LENGTH_MAX) return text;
  return `${text.slice(0, MADE_LENGTH_MAX - 1)}…`;
}

interface StoredPayloads {
  readonly slots: readonly number[];
  readonly entry: ReplayedEntry;
}

/** The text of a payload that the fact names, when it is of the same entry. */
function payloadOf(fact: TrailFact['fact'], { slots, entry }: StoredPayloads): string | undefined {
  const bytes = entry.payloadBytes[slots.indexOf(fact['payload'] as number)];
  return bytes === undefined ? undefined : utf8Decode(bytes);
}

/** A fact begins with the number of its kind. */
function needlesOf(cell: Cell): Buffer[] {
  const kinds = [...cell.registry.facts.values()].map(({ kind }) => kind).filter(({ name }) => BATCH_FACTS.has(name));
  return kinds.map(({ id }) => {
    const writer = new ByteWriter(8);
    writer.varint(id);
    return Buffer.from(writer.take());
  });
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
