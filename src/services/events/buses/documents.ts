// An event bus as it is stored. The default bus of an account and region exists without a document until something of it is changed.

import type { BusTag } from '#cell/schemas-door.ts';

export interface BusDoc {
  readonly name: string;
  readonly arn: string;
  /** Small, for ever its own: facts and indexes speak of it by this. 0 while it has no document. */
  readonly number: number;
  readonly account: string;
  readonly region: string;
  /** 0 while it has no document: nobody knows since when a default bus is there. */
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly description?: string | undefined;
  /** A partner bus: the event source that feeds it. */
  readonly eventSourceName?: string | undefined;
  /** Text of the resource policy. */
  readonly policy?: string | undefined;
  readonly deadLetterArn?: string | undefined;
  readonly log?:
    | { readonly level: 'OFF' | 'ERROR' | 'INFO' | 'TRACE'; readonly includeDetail: 'NONE' | 'FULL' }
    | undefined;
  readonly tags: readonly BusTag[];
}
