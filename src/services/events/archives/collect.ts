// What archives take from an event that passed through their bus. Called once per event, in the event's own turn.
//
// Each archive has a managed rule on its bus, whose pattern is the archive's and "no replay": the bus's matcher has matched it already.

import type { RoutedEvent } from '../routing/event.ts';
import type { EventsTurn } from '../state.ts';
import { EventArchived } from './facts.ts';
import { sealIfFull } from './sealing.ts';

export function collect(turn: EventsTurn, { event, payload, matched }: RoutedEvent): void {
  const { byRule } = turn.state.archives;
  if (byRule.size === 0 || event.replayName !== undefined) return;
  for (const rule of matched) {
    const content = rule.managedBy === undefined ? undefined : byRule.get(rule.number);
    if (content === undefined) continue;
    turn.record(EventArchived, { archive: content.number, payload, atMs: turn.nowMs, timeMs: event.timeMs });
    sealIfFull(turn, content);
  }
}
