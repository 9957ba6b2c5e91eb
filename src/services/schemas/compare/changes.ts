// What a difference between two versions means. Consumers read events: they break when something may come that they did not expect, or does not come any
// more. Producers write them: they break when what they send is not allowed any more.

import { formatPointer, type PointerKey } from '#structures/json-schema/pointer.ts';

export type ChangeKind =
  | 'field-added'
  | 'field-removed'
  | 'field-renamed'
  | 'field-optional'
  | 'field-required'
  | 'type-added'
  | 'type-removed'
  | 'enum-value-added'
  | 'enum-value-removed'
  | 'format-changed'
  | 'limit-widened'
  | 'limit-narrowed'
  | 'pattern-changed'
  | 'other-fields-allowed'
  | 'other-fields-forbidden'
  | 'constraint-changed'
  | 'kind-changed';

export interface SchemaChange {
  /** JSON pointer into the event; an asterisk stands for any element or name. */
  readonly path: string;
  readonly kind: ChangeKind;
  readonly breaksConsumers: boolean;
  readonly breaksProducers: boolean;
  readonly sentence: string;
}

export type Path = readonly PointerKey[];

export class Changes {
  readonly found: SchemaChange[] = [];

  add(path: Path, change: Omit<SchemaChange, 'path'>): void {
    if (this.found.length < CHANGES_MAX) this.found.push({ path: formatPointer(path), ...change });
  }
}

/** Two schemas that have nothing in common. */
const CHANGES_MAX = 1_000;

export const CONSUMERS = { breaksConsumers: true, breaksProducers: false } as const;
export const PRODUCERS = { breaksConsumers: false, breaksProducers: true } as const;
export const BOTH = { breaksConsumers: true, breaksProducers: true } as const;
export const NOBODY = { breaksConsumers: false, breaksProducers: false } as const;
