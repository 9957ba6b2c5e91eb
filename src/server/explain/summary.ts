// The end of a journey so far in queues, in one sentence a place.

import type { Place } from './trail.ts';

export interface SummaryContext {
  readonly queueName: (number: number) => string;
  readonly nowMs: number;
}

export function placeSentences(places: Iterable<Place>, context: SummaryContext): readonly string[] {
  return [...places].map((place) => sentenceOf(place, context));
}

function sentenceOf(
  { queue, state, receiveCount, hiddenUntilMs }: Place,
  { queueName, nowMs }: SummaryContext,
): string {
  const name = queueName(queue);
  const times = receiveCount === 1 ? 'once' : `${receiveCount} times`;
  switch (state) {
    case 'waiting':
      return `It waits in ${name}.`;
    case 'received': {
      const isHidden = hiddenUntilMs !== undefined && hiddenUntilMs > nowMs;
      const end = hiddenUntilMs === undefined ? '' : new Date(hiddenUntilMs).toISOString();
      if (isHidden) return `It is in flight: received ${times} from ${name}, and hidden until ${end}.`;
      return `It waits in ${name} again: received ${times} and not deleted; visible since ${end}.`;
    }
    case 'deleted':
      return `It was received ${times} from ${name} and deleted: handled.`;
    case 'dead-lettered':
      return `It left ${name} for the dead-letter queue after ${receiveCount} receives.`;
    case 'moved back':
      return `It was moved out of ${name} by a move task.`;
    case 'expired':
      return `It expired in ${name}: nobody deleted it within the retention period.`;
    case 'purged':
      return `It was purged from ${name}.`;
  }
}
