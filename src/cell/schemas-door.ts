// What a bus and the schema registry ask of each other. The registry (services/schemas) learns schemas from the events of a bus and, where the
// bus's tags want it, holds events against them; the bus (services/events) says which buses there are.

import type { Scope } from '#model/scope.ts';
import type { Turn } from './turn.ts';

/** A bus as far as schemas are concerned. */
export interface ObservedBus {
  readonly arn: string;
  /** The bus's tags as its document holds them: the same list until they are changed, so that what is read from it is read once. */
  readonly tags: readonly BusTag[];
}

export interface BusTag {
  readonly Key: string;
  readonly Value: string;
}

/** Implemented by services/schemas. */
export interface SchemasDoor {
  /**
   * Whether anybody wants to see what is put on this bus: a started discoverer, or enforcement in its tags. Two look-ups; without interest
   * {@link eventPut} need not be called, and the event's text need not be made for it.
   */
  hasInterest(bus: ObservedBus): boolean;
  /**
   * Looks at an event that is about to be accepted. Discovery takes note of it and works in a turn of its own: nothing is recorded here for
   * it, and a shape that is known costs one walk over the text. Undefined: the event may go on.
   */
  eventPut(turn: Turn, put: PutEvent): SchemaViolation | undefined;
  /**
   * Why a bus may not have these tags (a wrong value of a tag in Eddy's own name space), in a sentence; undefined when it may. Asked by
   * whatever writes a bus's tags, with all the tags that the bus would then have.
   */
  busTagsProblem(busArn: string, tags: readonly BusTag[]): string | undefined;
  /** The text of a schema; its newest version without a number. Undefined: there is none. For delivery streams, which convert by it. */
  contentOf(
    turn: Turn,
    schema: {
      readonly scope: Scope;
      readonly registry: string;
      readonly schema: string;
      readonly version: string | undefined;
    },
  ): string | undefined;
}

export interface PutEvent {
  readonly bus: ObservedBus;
  /** The whole event as JSON: `{"version":"0","id":…,"detail-type":…,"source":…,"account":…,…,"detail":{…}}`. */
  readonly eventText: string;
}

export interface SchemaViolation {
  /**
   * - `refuse`: the entry of PutEvents fails with `code` and `message`, the event is nowhere.
   * - `dead-lettered`: it was handed to the dead-letter queue already, in this turn; the entry succeeds and the event goes no further.
   */
  readonly action: 'refuse' | 'dead-lettered';
  /** `SchemaViolation`: the entry's ErrorCode. */
  readonly code: string;
  /** For people: schema with version, path and what is wrong there. The entry's ErrorMessage. */
  readonly message: string;
  /** `registry/schema`, and which version. */
  readonly schema: string;
  readonly version: string;
  /** JSON pointer into the event: `/detail/total`. */
  readonly path: string;
}

/** Implemented by services/events. */
export interface BusesDoor {
  /** Undefined: there is no such bus. */
  find(turn: Turn, busArn: string): BusDescription | undefined;
}

export interface BusDescription {
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly rules: readonly BusRule[];
}

export interface BusRule {
  readonly name: string;
  readonly isEnabled: boolean;
  /** The pattern's text; a rule with a schedule alone has none. */
  readonly pattern?: string | undefined;
  readonly description?: string | undefined;
  readonly targets: readonly { readonly id: string; readonly arn: string }[];
}
