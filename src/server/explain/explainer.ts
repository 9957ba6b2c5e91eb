// The journey of a message, a record or an object, read from the journal: no recording has to be switched on, and what is deleted is still told
// as long as its segment is kept. The history is searched for the subject's own bytes; of a record, from the second on in which it came.

import { readEntry } from '#cell/entry.ts';
import type { SegmentInfo } from '#storage/journal.ts';
import type { JourneyAnswer } from '../admin-api/contract.ts';
import { ruleLines } from './rule-lines.ts';
import { type ExplainerOptions, Search } from './search.ts';
import { subjectOf } from './subject.ts';

/** Entries looked at in one go, before the event loop gets its turn. */
const ENTRIES_PER_GO = 2_000;

export class Explainer {
  constructor(private readonly options: ExplainerOptions) {}

  /** `asked`: an id, a sequence number, or `s3://bucket/key`. Undefined when it is none of these, or nothing is known of it. */
  async explain(asked: string): Promise<JourneyAnswer | undefined> {
    const subject = subjectOf(asked);
    if (subject === undefined) return undefined;
    // What a timer or a reaction did is in memory at once, and nobody waits for its entry: a scan would end before it.
    await this.options.cell.whenWritten();
    const search = new Search(subject.kind === 'id' ? asked.toLowerCase() : asked, subject, this.options);
    if (!search.begin()) return undefined;
    const { journal } = this.options.cell.engine;
    let seen = 0;
    for (const segment of await this.segmentsSince(search.sinceMs)) {
      for await (const entry of journal.scan(segment.start)) {
        search.visit(entry);
        seen += 1;
        if (seen % ENTRIES_PER_GO === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const answer = await search.answer();
    if (answer === undefined || search.events.length === 0) return answer;
    const isOnSeveral = search.events.length > 1;
    const rules: string[] = [];
    for (const event of search.events) rules.push(...(await ruleLines(this.options.rulesOf(event), isOnSeveral)));
    return { ...answer, rules };
  }

  /** Without those that end before this time: found by the first entry of each, newest first. */
  private async segmentsSince(sinceMs: number): Promise<readonly SegmentInfo[]> {
    const segments = this.options.cell.engine.journal.segments();
    if (sinceMs === 0) return segments;
    for (let at = segments.length - 1; at > 0; at -= 1) {
      const startedAtMs = await this.startOf(segments[at] as SegmentInfo);
      if (startedAtMs !== undefined && startedAtMs < sinceMs) return segments.slice(at);
    }
    return segments;
  }

  private async startOf({ start }: SegmentInfo): Promise<number | undefined> {
    for await (const { facts } of this.options.cell.engine.journal.scan(start)) return readEntry(facts, () => {}).nowMs;
    return undefined;
  }
}
