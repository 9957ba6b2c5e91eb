// Every fact kind of a cell with what applies it: one table for life and replay.

import { assert } from '#base/assert.ts';
import type { Table } from '#structures/table.ts';
import type { FactKind } from './fact.ts';
import type { Payloads } from './payloads.ts';
import type { ApplyContext, ServiceDefinition } from './service-definition.ts';
import type { Timers } from './timers.ts';
import type { Watches } from './watches.ts';

/** A service as the kernel runs it. */
export interface ServiceRuntime {
  readonly definition: ServiceDefinition;
  readonly state: unknown;
  readonly context: ApplyContext;
}

export interface RegisteredFact {
  readonly kind: FactKind<unknown>;
  readonly service: ServiceRuntime;
  apply(fact: unknown): void;
}

export interface RegisteredTable {
  readonly table: Table<unknown>;
  put(key: string, doc: unknown): void;
  drop(key: string): void;
}

export class FactRegistry {
  readonly services = new Map<string, ServiceRuntime>();
  readonly facts = new Map<number, RegisteredFact>();
  readonly tables = new Map<string, RegisteredTable>();

  constructor(
    definitions: readonly ServiceDefinition[],
    shared: { readonly payloads: Payloads; readonly timers: Timers; readonly watches: Watches },
  ) {
    for (const definition of definitions) this.add(definition, shared);
  }

  private add(
    definition: ServiceDefinition,
    shared: { readonly payloads: Payloads; readonly timers: Timers; readonly watches: Watches },
  ): void {
    const { name } = definition;
    const { payloads, timers, watches } = shared;
    const context: ApplyContext = {
      payloads,
      timers: {
        set: (timer, subject, dueAtMs) => timers.set(timerKey(name, timer, subject), dueAtMs),
        clear: (timer, subject) => timers.clear(timerKey(name, timer, subject)),
      },
      watch: (key, timer, subject) => watches.add(key, timerKey(name, timer, subject)),
      unwatch: (key, timer, subject) => watches.remove(key, timerKey(name, timer, subject)),
    };
    const state = definition.createState();
    const service: ServiceRuntime = { definition, state, context };
    assert(!this.services.has(name), `service ${name} is defined once`);
    this.services.set(name, service);
    for (const { kind, apply } of definition.facts) {
      assert(!this.facts.has(kind.id), `fact ${kind.id} is defined once`);
      const applyTo = apply as (state: unknown, fact: unknown, context: ApplyContext) => void;
      this.facts.set(kind.id, {
        kind: kind as unknown as FactKind<unknown>,
        service,
        apply: (fact) => applyTo(state, fact, context),
      });
    }
    for (const binding of definition.tables(state)) {
      const table = binding.table as unknown as Table<unknown>;
      const changed = binding.changed as
        | ((key: string, before: unknown, after: unknown, context: ApplyContext) => void)
        | undefined;
      assert(!this.tables.has(table.name), `table ${table.name} is defined once`);
      this.tables.set(table.name, {
        table,
        put: (key, doc) => {
          const before = table.get(key);
          table.applyPut(key, doc);
          changed?.(key, before, doc, context);
        },
        drop: (key) => {
          const before = table.get(key);
          table.applyDropped(key);
          changed?.(key, before, undefined, context);
        },
      });
    }
  }
}

/** `sqs|retention|17`: service and timer names have no bar in them. */
export function timerKey(service: string, timer: string, subject: string): string {
  return `${service}|${timer}|${subject}`;
}

export function splitTimerKey(key: string): { service: string; timer: string; subject: string } {
  const first = key.indexOf('|');
  const second = key.indexOf('|', first + 1);
  return { service: key.slice(0, first), timer: key.slice(first + 1, second), subject: key.slice(second + 1) };
}
