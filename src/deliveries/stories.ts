// What the facts of a delivery say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';

type Story = (fact: never) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T) => string): Story => story as Story;

/** By the fact's name. */
export const stories: Readonly<Record<string, Story>> = {
  DeliveryAccepted: told(facts.DeliveryAccepted, (fact) => `delivery ${fact.delivery} to ${fact.targetArn} accepted`),
  DeliveryAttemptStarted: told(
    facts.DeliveryAttemptStarted,
    (fact) => `delivery ${fact.delivery}: attempt ${fact.attempt}`,
  ),
  DeliveryRetryPlanned: told(
    facts.DeliveryRetryPlanned,
    (fact) =>
      `delivery ${fact.delivery} failed (${fact.code}: ${fact.detail}); attempt ${fact.attempt} at ${timeOf(fact.dueAtMs)}`,
  ),
  DeliveryGivenUp: told(
    facts.DeliveryGivenUp,
    (fact) => `delivery ${fact.delivery} given up (${fact.code}: ${fact.detail})`,
  ),
  DeliveryEnded: told(facts.DeliveryEnded, (fact) =>
    fact.outcome === 'succeeded'
      ? `delivery ${fact.delivery} succeeded`
      : `delivery ${fact.delivery} ${fact.outcome} (${fact.code}: ${fact.detail})`,
  ),
  DeliveryFailedAtOnce: told(facts.DeliveryFailedAtOnce, (fact) => {
    const end = fact.outcome === 'dead-lettered' ? `dead-lettered to ${fact.deadLetterArn}` : 'dropped';
    return `not delivered to ${fact.targetArn} (${fact.code}: ${fact.detail}); ${end}`;
  }),
};

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
