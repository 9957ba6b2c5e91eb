// The room of Kinesis is put together from features, folders with the same furniture: streams and records are in the room itself, consumers in
// `consumers/`. A feature reaches another one through functions that the other exports.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { ApplyContext, FactBinding, Operation, TableBinding } from '#cell/service-definition.ts';
import type { Outcome } from '#cell/turn.ts';
import type { KinesisState, KinesisTurn } from './state.ts';

export interface Feature {
  readonly operations?: Readonly<Record<string, Operation<KinesisState>>>;
  readonly tables?: (state: KinesisState) => readonly TableBinding[];
  readonly facts?: readonly FactBinding<KinesisState>[];
  readonly timers?: Readonly<Record<string, (turn: KinesisTurn, subject: string) => void>>;
  readonly reactions?: Readonly<Record<string, (turn: KinesisTurn, subject: string, outcome: Outcome) => void>>;
  /** State that is neither tables nor timers; section names begin with the feature's name. */
  readonly snapshot?: {
    write(state: KinesisState, section: (name: string) => ByteWriter): void;
    read(state: KinesisState, section: (name: string) => ByteReader | undefined, context: ApplyContext): void;
  };
  /** After replay: restarts what the state says is open. */
  readonly resume?: (turn: KinesisTurn) => void;
}

/** All features as the parts of one service definition. */
export function composeFeatures(features: readonly Feature[]) {
  const all = <T>(part: (feature: Feature) => Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.assign({}, ...features.map((feature) => part(feature) ?? {}));
  return {
    operations: all((feature) => feature.operations),
    tables: (state: KinesisState) => features.flatMap((feature) => feature.tables?.(state) ?? []),
    facts: features.flatMap((feature) => feature.facts ?? []),
    timers: all((feature) => feature.timers),
    reactions: all((feature) => feature.reactions),
    snapshot: {
      write(state: KinesisState, section: (name: string) => ByteWriter): void {
        for (const feature of features) feature.snapshot?.write(state, section);
      },
      read(
        state: KinesisState,
        section: (name: string) => ByteReader | undefined,
        _raw: (name: string) => Uint8Array | undefined,
        context: ApplyContext,
      ): void {
        for (const feature of features) feature.snapshot?.read(state, section, context);
      },
    },
    resume(turn: KinesisTurn): void {
      for (const feature of features) feature.resume?.(turn);
    },
  };
}
