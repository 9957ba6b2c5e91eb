// What the facts of archives and replays say to a person.

import type { FactKind } from '#cell/fact.ts';
import type { EventsState } from '../state.ts';
import * as facts from './facts.ts';

type Story = (fact: never, state: EventsState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: EventsState) => string): Story => story as Story;

export const archiveStories: Readonly<Record<string, Story>> = {
  EventArchived: told(facts.EventArchived, ({ archive }, state) => `kept by ${archiveName(state, archive)}`),
  ArchiveBlockSealed: told(
    facts.ArchiveBlockSealed,
    ({ archive, count, storedBytes }, state) =>
      `${count} events of ${archiveName(state, archive)} moved from the journal into a block, which takes ${storedBytes} bytes`,
  ),
  ArchiveBlockPostponed: told(
    facts.ArchiveBlockPostponed,
    ({ archive, reason, retryAtMs }, state) =>
      `a block of ${archiveName(state, archive)} could not be written (${reason}); tried again at ${timeOf(retryAtMs)}`,
  ),
  ArchiveTrimmed: told(
    facts.ArchiveTrimmed,
    ({ archive, events }, state) => `${events} events of ${archiveName(state, archive)} expired`,
  ),
  ReplayStarted: told(facts.ReplayStarted, ({ replay }, state) => {
    const doc = state.archives.runs.get(replay)?.doc;
    if (doc === undefined) return `${replayName(state, replay)} started`;
    const { archiveArn, fromMs, toMs, ruleArns } = doc;
    const where = ruleArns === undefined ? '' : ` to ${ruleArns.join(', ')}`;
    return `${replayName(state, replay)} of ${archiveArn} started: events from ${timeOf(fromMs)} to before ${timeOf(toMs)}${where}`;
  }),
  ReplayAdvanced: told(facts.ReplayAdvanced, ({ replay, events, refused, lastEventMs }, state) => {
    const upTo = lastEventMs === undefined ? '' : `, the last one of ${timeOf(lastEventMs)}`;
    const not = refused === 0 ? '' : `; a schema did not allow ${refused} of them`;
    return `${replayName(state, replay)} put ${events} events on the bus${upTo}${not}`;
  }),
  ReplayPaused: told(
    facts.ReplayPaused,
    ({ replay, openDeliveries, untilMs }, state) =>
      `${replayName(state, replay)} waits until ${timeOf(untilMs)}: ${openDeliveries} deliveries are not done yet`,
  ),
  ReplayCancelRequested: told(
    facts.ReplayCancelRequested,
    ({ replay }, state) => `${replayName(state, replay)} shall end`,
  ),
  ReplayEnded: told(facts.ReplayEnded, ({ replay, outcome, reason, detail }, state) => {
    const why = reason === undefined ? '' : `: ${detail ?? reason}`;
    return `${replayName(state, replay)} ended ${outcome.toLowerCase()}${why}`;
  }),
};

function archiveName(state: EventsState, number: number): string {
  return state.archives.contents.get(number)?.doc.arn ?? `archive ${number}, which was deleted since`;
}

function replayName(state: EventsState, number: number): string {
  return state.archives.runs.get(number)?.doc.arn ?? `replay ${number}, which is forgotten by now`;
}

/** Clients may ask for any range: not every number is a date. */
function timeOf(ms: number): string {
  return Math.abs(ms) <= 8_640_000_000_000_000 ? new Date(ms).toISOString() : String(ms);
}
