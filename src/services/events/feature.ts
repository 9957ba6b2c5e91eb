// The room of EventBridge is large: it is put together from features (buses, rules, routing, archives, connections …), each a folder with its own
// operations, facts, timers and state. A feature reaches another one through functions that the other exports, never through its state class.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { ApplyContext, FactBinding, Operation, TableBinding } from '#cell/service-definition.ts';
import type { Outcome } from '#cell/turn.ts';
import type { EventsState, EventsTurn } from './state.ts';

export interface Feature {
  readonly operations?: Readonly<Record<string, Operation<EventsState>>>;
  readonly tables?: (state: EventsState) => readonly TableBinding[];
  readonly facts?: readonly FactBinding<EventsState>[];
  readonly timers?: Readonly<Record<string, (turn: EventsTurn, subject: string) => void>>;
  readonly reactions?: Readonly<Record<string, (turn: EventsTurn, subject: string, outcome: Outcome) => void>>;
  /** State that is neither tables nor timers; section names begin with the feature's name. */
  readonly snapshot?: {
    write(state: EventsState, section: (name: string) => ByteWriter): void;
    read(state: EventsState, section: (name: string) => ByteReader | undefined, context: ApplyContext): void;
  };
  /** After replay: restarts what the state says is open. */
  readonly resume?: (turn: EventsTurn) => void;
}

/** All features as the parts of one service definition. */
export function composeFeatures(features: readonly Feature[]) {
  const all = <T>(part: (feature: Feature) => Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.assign({}, ...features.map((feature) => part(feature) ?? {}));
  return {
    operations: all((feature) => feature.operations),
    tables: (state: EventsState) => features.flatMap((feature) => feature.tables?.(state) ?? []),
    facts: features.flatMap((feature) => feature.facts ?? []),
    timers: all((feature) => feature.timers),
    reactions: all((feature) => feature.reactions),
    snapshot: {
      write(state: EventsState, section: (name: string) => ByteWriter): void {
        for (const feature of features) feature.snapshot?.write(state, section);
      },
      read(
        state: EventsState,
        section: (name: string) => ByteReader | undefined,
        _raw: (name: string) => Uint8Array | undefined,
        context: ApplyContext,
      ): void {
        for (const feature of features) feature.snapshot?.read(state, section, context);
      },
    },
    resume(turn: EventsTurn): void {
      for (const feature of features) feature.resume?.(turn);
    },
  };
}
