// An event as it passes through a bus, and the one way into it.

import type { PayloadId } from '#cell/payloads.ts';
import type { BusDoc } from '../buses/documents.ts';
import type { RuleDoc } from '../rules/documents.ts';

/** What is put on a bus. */
export interface IncomingEvent {
  /** UUID; made when it is put, kept when a bus hands it to another one of its region, new for a replay. */
  readonly id: string;
  readonly bus: BusDoc;
  readonly source: string;
  readonly detailType: string;
  /** Account and region of whoever put it. */
  readonly account: string;
  readonly region: string;
  readonly timeMs: number;
  readonly resources: readonly string[];
  /** JSON text of an object. */
  readonly detail: string;
  /** As `traceHeaderOf` gives it. Goes to queues as AWSTraceHeader; no part of the event's JSON, and not archived. */
  readonly traceHeader?: string | undefined;
  /** Set while it is replayed: shown as `replay-name`, and never archived again by the archive it came from. */
  readonly replayName?: string | undefined;
  /** A replay to chosen rules: their ARNs. All rules of the bus without it. */
  readonly onlyRuleArns?: readonly string[] | undefined;
  /** The number of the rule whose schedule made it: that rule takes it whatever its pattern. */
  readonly scheduledRule?: number | undefined;
  /** The ways it came from other buses; see `buses/target.ts`. */
  readonly hops?: Hops | undefined;
}

export interface Hops {
  readonly isWithinRegion: boolean;
  readonly isAcrossRegions: boolean;
}

/** An event that is in the journal, with the rules that matched: what archives, logs, metrics and schemas are told, once per event. */
export interface RoutedEvent {
  readonly event: IncomingEvent;
  /** The whole event's JSON text. */
  readonly text: string;
  /** The text in UTF-8. */
  readonly bytes: Uint8Array;
  readonly payload: PayloadId;
  readonly matched: readonly RuleDoc[];
}
