// Which numbers hold: AWS's quotas where clients depend on them, the machine's own where AWS only protects itself.

export interface Limits {
  /** `aws` also enforces quotas that only protect AWS's fleet (QueueDeletedRecently, throttles). */
  readonly mode: 'machine' | 'aws';
}
