// Whose resources a command speaks of: every key of every table starts with account and region.

export interface Scope {
  /** `aws`, `aws-cn` or `aws-us-gov`, as the region's name tells. */
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

export const DEFAULT_ACCOUNT = '000000000000';
export const DEFAULT_REGION = 'us-east-1';

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

export function scopeOf(account: string, region: string): Scope {
  return { partition: partitionOf(region), account, region };
}

/** Prefix of all keys of one account in one region: `000000000000/us-east-1/`. */
export function scopePrefix(scope: Scope): string {
  return `${scope.account}/${scope.region}/`;
}
