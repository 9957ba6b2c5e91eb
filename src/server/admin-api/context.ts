// What the routes of the admin API look at.

import type { Cell } from '#cell/cell.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { ServerClock } from '#runtime/clock.ts';
import type { WireServices } from '#wire/services.ts';
import type { Config } from '../config/config.ts';
import type { Explainer } from '../explain/explainer.ts';
import type { RequestMeter } from '../request-meter.ts';
import type { Tail } from '../tail.ts';
import type { TimeMachine } from '../time-machine.ts';
import type { Capability } from './capabilities.ts';

export interface PeekContext {
  readonly cell: Cell;
  readonly wire: WireServices;
  readonly signer: NotificationSigner | undefined;
}

export interface AdminContext extends PeekContext {
  readonly config: Config;
  readonly cell: Cell;
  readonly clock: ServerClock;
  readonly time: TimeMachine;
  readonly explainer: Explainer;
  readonly tail: Tail;
  readonly meter: RequestMeter;
  readonly url: string;
  readonly startedAtMs: number;
  readonly phase: () => 'starting' | 'ready' | 'draining';
  readonly capabilities: () => readonly Capability[];
}
