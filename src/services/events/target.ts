// What of EventBridge can be a target of others: a bus, an API destination.

import type { HandOver, HandOverResult } from '#cell/target.ts';
import { acceptForApiDestination } from './api-destinations/target.ts';
import { acceptForBus } from './buses/target.ts';
import type { EventsTurn } from './state.ts';

export function acceptHandOver(turn: EventsTurn, handOver: HandOver): HandOverResult {
  const resource = handOver.targetArn.split(':', 6)[5] ?? '';
  if (resource.startsWith('event-bus/')) return acceptForBus(turn, handOver);
  if (resource.startsWith('api-destination/')) return acceptForApiDestination(turn, handOver);
  const detail = `${handOver.targetArn} is neither an event bus nor an API destination`;
  return { failure: { code: 'ResourceNotFoundException', detail, isRetryable: false } };
}
