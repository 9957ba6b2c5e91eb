// A subscription filter as it is stored, and made ready for events.

import type { CompiledPattern } from '../filter-pattern/filter-pattern.ts';

export type Vendor = 'kinesis' | 'firehose' | 'lambda';

export interface SubscriptionFilterDoc {
  readonly name: string;
  /** Number of the group. */
  readonly groupId: number;
  readonly groupName: string;
  readonly account: string;
  readonly region: string;
  readonly pattern: string;
  readonly destinationArn: string;
  readonly roleArn?: string;
  readonly distribution: 'Random' | 'ByLogStream';
  /** As whom a function is invoked: the destination's policy names CloudWatch Logs with or without its region. */
  readonly service: string;
  readonly createdAtMs: number;
}

export interface CompiledFilter {
  readonly doc: SubscriptionFilterDoc;
  readonly pattern: CompiledPattern;
}
