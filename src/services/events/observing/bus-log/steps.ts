// The steps of an event that a bus logs, with the level of each. AWS: EventBridge user guide, "Amazon EventBridge event bus log schema" (the steps);
// "Configuring logs for Amazon EventBridge event buses": ERROR has what went wrong, INFO also the major steps, TRACE all. EVENT_INGEST_SUCCESS
// and NO_STANDARD_RULES_MATCHED were seen at INFO; of the others the level follows from that rule.

export type LogLevel = 'ERROR' | 'INFO' | 'TRACE';

export const STEPS = {
  EVENT_INGEST_FAILURE: 'ERROR',
  EVENT_INGEST_SUCCESS: 'INFO',
  EVENT_RECEIPT: 'TRACE',
  INVOCATION_ATTEMPT_PERMANENT_FAILURE: 'ERROR',
  INVOCATION_ATTEMPT_RETRYABLE_FAILURE: 'ERROR',
  INVOCATION_ATTEMPT_START: 'TRACE',
  INVOCATION_ATTEMPT_SUCCESS: 'INFO',
  INVOCATION_ATTEMPT_THROTTLE: 'ERROR',
  INVOCATION_DLQ: 'ERROR',
  INVOCATION_FAILURE: 'ERROR',
  INVOCATION_START: 'INFO',
  INVOCATION_SUCCESS: 'INFO',
  NO_STANDARD_RULES_MATCHED: 'INFO',
  RULE_MATCH: 'INFO',
  RULE_MATCH_START: 'TRACE',
} as const satisfies Readonly<Record<string, LogLevel>>;

export type Step = keyof typeof STEPS;

const DEPTH: Readonly<Record<LogLevel | 'OFF', number>> = { OFF: 0, ERROR: 1, INFO: 2, TRACE: 3 };

export function isLoggedAt(level: LogLevel | 'OFF', step: Step): boolean {
  return DEPTH[STEPS[step]] <= DEPTH[level];
}
