// What a cell knows: everything that facts change. A snapshot holds all of it, and replay makes it anew.

import { FactRegistry } from './fact-registry.ts';
import { Payloads } from './payloads.ts';
import { callersSeen, verdictsSeen } from './seen.ts';
import type { ServiceDefinition } from './service-definition.ts';
import { Timers } from './timers.ts';
import { Watches } from './watches.ts';

export class Memory {
  readonly payloads = new Payloads();
  readonly timers = new Timers();
  readonly watches = new Watches();
  readonly callers = callersSeen();
  readonly verdicts = verdictsSeen();
  /** The services with their states and tables, and what applies each kind of fact. */
  readonly registry: FactRegistry;

  constructor(services: readonly ServiceDefinition[]) {
    const { payloads, timers, watches } = this;
    this.registry = new FactRegistry(services, { payloads, timers, watches });
  }
}
