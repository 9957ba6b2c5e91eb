// StartReplay: checks where from, where to and which events; the replay itself goes step by step (replaying/pump.ts).

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { StartReplayInput, StartReplayOutput } from '#wire/generated/events.ts';
import type { BusDoc } from '../../buses/documents.ts';
import { busReference, findBus } from '../../buses/find-bus.ts';
import { validation } from '../../errors.ts';
import { ruleKey } from '../../rules/find-rule.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { replayConstraints } from '../constraints.ts';
import {
  endsBeforeStart,
  notABusArn,
  notAnArchiveArn,
  notARuleOfTheBus,
  otherBus,
  replayExists,
  replayFromUnknownArchive,
  tooManyReplays,
} from '../errors.ts';
import { ReplayStarted } from '../facts.ts';
import { archiveNameOf, nameKey, permission, replayArn } from '../find.ts';
import { REPLAYS_RUNNING_MAX } from '../limits.ts';
import { pumpReplay } from '../replaying/pump.ts';
import type { ArchiveContent } from '../state.ts';
import { keptSinceMs } from '../trim.ts';

export const startReplay = operation<EventsState, StartReplayInput, StartReplayOutput>({
  authorize: (turn, { ReplayName, EventSourceArn, Destination }) => [
    permission(turn, 'StartReplay', EventSourceArn ?? '*'),
    permission(turn, 'StartReplay', Destination?.Arn ?? '*'),
    permission(turn, 'StartReplay', replayArn(turn.scope, ReplayName ?? '')),
  ],
  decide(turn, input) {
    const broken = replayConstraints(input).text;
    if (broken !== undefined) return refuse(validation(broken));
    const source = sourceOf(turn, input);
    if (isRefused(source)) return source;
    const problem = startProblem(turn, input, source.bus);
    if (problem !== undefined) return refuse(problem);
    const number = turn.state.archives.nextReplay;
    const arn = recordStart(turn, input, { number, archive: source.archive });
    const run = turn.state.archives.runs.get(number);
    if (run !== undefined) pumpReplay(turn, run);
    return { output: { ReplayArn: arn, State: 'STARTING', ReplayStartTime: turn.nowMs } };
  },
});

/** The order of these refusals is the one of recorded replies, as far as they tell. */
function sourceOf(turn: EventsTurn, input: StartReplayInput): { archive: ArchiveContent; bus: BusDoc } | Refused {
  const destination = input.Destination?.Arn ?? '';
  const isBusArn = destination.startsWith('arn:') && busReference(turn.scope, destination) !== undefined;
  if (!isBusArn) return refuse(notABusArn('Destination.Arn'));
  const bus = findBus(turn, destination);
  if (isRefused(bus)) return bus;
  const arn = input.EventSourceArn ?? '';
  const name = archiveNameOf(arn);
  if (name === undefined) return refuse(notAnArchiveArn());
  const doc = turn.state.archives.archives.get(nameKey(turn.scope, name));
  const archive = doc?.arn === arn ? turn.state.archives.contents.get(doc.number) : undefined;
  if (archive === undefined) return refuse(replayFromUnknownArchive(name));
  return archive.doc.busArn === bus.arn ? { archive, bus } : refuse(otherBus());
}

function startProblem(turn: EventsTurn, input: StartReplayInput, bus: BusDoc): AwsError | undefined {
  const { ReplayName: name = '', EventStartTime: fromMs = 0, EventEndTime: toMs = 0 } = input;
  if (toMs <= fromMs) return endsBeforeStart();
  for (const arn of input.Destination?.FilterArns ?? []) {
    const rule = turn.state.rules.rules.get(ruleKey(bus, arn.slice(arn.lastIndexOf('/') + 1)));
    if (rule?.arn !== arn) return notARuleOfTheBus(arn);
  }
  const { replays, runs } = turn.state.archives;
  if (replays.has(nameKey(turn.scope, name))) return replayExists(name);
  const { account, region } = turn.scope;
  let running = 0;
  for (const { doc, ended } of runs.values()) {
    if (ended === undefined && doc.account === account && doc.region === region) running += 1;
  }
  return running >= REPLAYS_RUNNING_MAX ? tooManyReplays() : undefined;
}

function recordStart(
  turn: EventsTurn,
  input: StartReplayInput,
  { number, archive }: { readonly number: number; readonly archive: ArchiveContent },
): string {
  const { account, region } = turn.scope;
  const name = input.ReplayName ?? '';
  const arn = replayArn(turn.scope, name);
  const ruleArns = input.Destination?.FilterArns;
  turn.put(turn.state.archives.replays, nameKey(turn.scope, name), {
    name,
    arn,
    number,
    account,
    region,
    description: input.Description,
    archiveArn: archive.doc.arn,
    archiveNumber: archive.number,
    busArn: archive.doc.busArn,
    ruleArns: ruleArns === undefined || ruleArns.length === 0 ? undefined : ruleArns,
    fromMs: input.EventStartTime ?? 0,
    toMs: input.EventEndTime ?? 0,
    startedAtMs: turn.nowMs,
  });
  const { nextSequence: endSequence } = archive.log;
  turn.record(ReplayStarted, { replay: number, endSequence, sinceAtMs: keptSinceMs(archive, turn.nowMs) });
  return arn;
}
