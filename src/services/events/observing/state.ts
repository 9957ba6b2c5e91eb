import { EventMetrics } from './event-metrics.ts';

export class ObservingState {
  /** Telemetry of this process: changed by decisions, not by facts. */
  readonly metrics = new EventMetrics();
}
