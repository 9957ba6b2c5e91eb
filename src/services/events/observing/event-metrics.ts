// Counters of buses and rules, named after AWS's metrics. AWS: EventBridge user guide, "Monitoring Amazon EventBridge". They are telemetry: in the
// memory of this process, from its start on, and neither journaled nor in snapshots. Nothing throttles a rule itself here: ThrottledRules are the
// attempts that a target throttled.

/** Of one rule on its bus. Latency is from the event's arrival to the success of its invocation. */
export interface RuleCounters {
  triggeredRules: number;
  /** One for each target of a rule that an event triggered; those of `invocations` are at their end. */
  invocationsCreated: number;
  invocations: number;
  invocationAttempts: number;
  successfulInvocationAttempts: number;
  retryInvocationAttempts: number;
  failedInvocations: number;
  throttledRules: number;
  invocationsSentToDlq: number;
  invocationsFailedToBeSentToDlq: number;
  successLatencyMsSum: number;
  successLatencyCount: number;
}

export interface BusCounters {
  putEvents: number;
  matchedEvents: number;
}

/** Names are clients' to choose: what is beyond these numbers is counted together. */
const RULES_MAX = 1_000;
const BUSES_MAX = 200;
/** No name of a bus or a rule. */
export const OTHERS = '(others)';

export class EventMetrics {
  readonly buses = new Map<string, BusCounters>();
  /** By ARN. */
  readonly rules = new Map<string, RuleCounters>();

  bus(arn: string): BusCounters {
    return this.buses.get(arn) ?? added(this.buses, arn, { max: BUSES_MAX, made: { putEvents: 0, matchedEvents: 0 } });
  }

  rule(arn: string): RuleCounters {
    return this.rules.get(arn) ?? added(this.rules, arn, { max: RULES_MAX, made: newRuleCounters() });
  }
}

function newRuleCounters(): RuleCounters {
  return {
    triggeredRules: 0,
    invocationsCreated: 0,
    invocations: 0,
    invocationAttempts: 0,
    successfulInvocationAttempts: 0,
    retryInvocationAttempts: 0,
    failedInvocations: 0,
    throttledRules: 0,
    invocationsSentToDlq: 0,
    invocationsFailedToBeSentToDlq: 0,
    successLatencyMsSum: 0,
    successLatencyCount: 0,
  };
}

function added<C>(counters: Map<string, C>, key: string, { max, made }: { max: number; made: C }): C {
  const isFull = counters.size >= max;
  const others = isFull ? counters.get(OTHERS) : undefined;
  if (others !== undefined) return others;
  counters.set(isFull ? OTHERS : key, made);
  return made;
}
