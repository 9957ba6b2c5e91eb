// The rules of PutBucketLifecycleConfiguration, checked. AWS: S3 user guide, "Lifecycle configuration elements"; texts as AWS's replies are
// quoted in issues of SDKs and Terraform. Transitions between storage classes are not done and refused by name.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { LifecycleRule, LifecycleRuleFilter } from '#wire/generated/s3.ts';
import { invalidArgument, invalidRequest, malformedXml, notAvailable } from './errors.ts';
import type { S3Turn } from './state.ts';

const RULES_MAX = 1_000;
const ID_MAX = 255;
const DAY_MS = 24 * 60 * 60 * 1000;
const NEWER_VERSIONS_MAX = 100;
/** As AWS's refusals name it (terraform-provider-aws #41521). */
const SIZE_MAX = '1099511627776000';

/** With ids for rules that came without one. */
export function readLifecycle(
  turn: S3Turn,
  rules: readonly LifecycleRule[] | undefined,
): readonly LifecycleRule[] | Refused {
  if (rules === undefined || rules.length === 0 || rules.length > RULES_MAX) return refuse(malformedXml());
  for (const rule of rules) {
    const problem = ruleProblem(rule);
    if (problem !== undefined) return refuse(problem);
  }
  const ids = rules.flatMap(({ ID }) => ID ?? []);
  if (new Set(ids).size !== ids.length) {
    const double = ids.find((id, at) => ids.indexOf(id) !== at) ?? '';
    return refuse(invalidArgument('ID', double, 'Rule ID must be unique. Found same ID for more than one rule'));
  }
  return rules.map((rule) => (rule.ID === undefined || rule.ID === '' ? { ...rule, ID: turn.uuid() } : rule));
}

function ruleProblem(rule: LifecycleRule): AwsError | undefined {
  const { ID, Status, Filter, Prefix } = rule;
  if (Status !== 'Enabled' && Status !== 'Disabled') return malformedXml();
  if (ID !== undefined && ID.length > ID_MAX) {
    return invalidArgument('ID', ID.slice(0, ID_MAX), `ID length should not exceed allowed limit of ${ID_MAX}`);
  }
  // Either the older prefix or a filter, which may be empty.
  if ((Filter === undefined) === (Prefix === undefined)) return malformedXml();
  if (rule.Transitions !== undefined || rule.NoncurrentVersionTransitions !== undefined) {
    return notAvailable('A lifecycle transition to another storage class');
  }
  return filterProblem(Filter) ?? expirationProblem(rule) ?? noncurrentProblem(rule) ?? abortProblem(rule);
}

function filterProblem(filter: LifecycleRuleFilter | undefined): AwsError | undefined {
  if (filter === undefined) return undefined;
  if (Object.values(filter).filter((value) => value !== undefined).length > 1) return malformedXml();
  const keys = (filter.And?.Tags ?? []).map(({ Key }) => Key);
  if (new Set(keys).size !== keys.length) return invalidRequest('Duplicate Tag Keys are not allowed.');
  const { greater = 0, less = 1 } = sizesOf(filter);
  if (less < 1) return invalidRequest(`'ObjectSizeLessThan' should be between 1 and ${SIZE_MAX}.`);
  return greater < 0 ? invalidRequest(`'ObjectSizeGreaterThan' should be between 0 and ${SIZE_MAX}.`) : undefined;
}

function expirationProblem(rule: LifecycleRule): AwsError | undefined {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  if (Expiration === undefined) {
    const hasOther = NoncurrentVersionExpiration !== undefined || AbortIncompleteMultipartUpload !== undefined;
    return hasOther ? undefined : invalidRequest('At least one action needs to be specified in a rule');
  }
  const { Days, Date: date, ExpiredObjectDeleteMarker: marker } = Expiration;
  const given = [Days, date, marker].filter((value) => value !== undefined).length;
  if (given !== 1) return malformedXml();
  if (Days !== undefined && Days < 1) {
    return invalidArgument('Days', String(Days), "'Days' for Expiration action must be a positive integer");
  }
  if (date !== undefined && date % DAY_MS !== 0) {
    return invalidArgument('Date', new Date(date).toISOString(), "'Date' must be at midnight GMT");
  }
  if (marker === undefined) return undefined;
  return hasTags(rule) ? invalidRequest('Tag based filter cannot be used with ExpiredObjectDeleteMarker') : undefined;
}

function noncurrentProblem({ NoncurrentVersionExpiration: expiration }: LifecycleRule): AwsError | undefined {
  if (expiration === undefined) return undefined;
  const { NoncurrentDays: days, NewerNoncurrentVersions: newer } = expiration;
  if (days === undefined) return malformedXml();
  if (days < 1) {
    const text = "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer";
    return invalidArgument('NoncurrentDays', String(days), text);
  }
  if (newer === undefined || (newer >= 1 && newer <= NEWER_VERSIONS_MAX)) return undefined;
  const text = `'NewerNoncurrentVersions' must be between 1 and ${NEWER_VERSIONS_MAX}`;
  return invalidArgument('NewerNoncurrentVersions', String(newer), text);
}

function abortProblem(rule: LifecycleRule): AwsError | undefined {
  const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  if (rule.AbortIncompleteMultipartUpload === undefined) return undefined;
  if (days === undefined) return malformedXml();
  if (hasTags(rule)) return invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.');
  const { greater, less } = sizesOf(rule.Filter);
  if (greater !== undefined || less !== undefined) {
    return invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Object Size.');
  }
  if (days >= 1) return undefined;
  const text = "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer";
  return invalidArgument('DaysAfterInitiation', String(days), text);
}

function sizesOf(filter: LifecycleRuleFilter | undefined): { readonly greater?: number; readonly less?: number } {
  const greater = filter?.ObjectSizeGreaterThan ?? filter?.And?.ObjectSizeGreaterThan;
  const less = filter?.ObjectSizeLessThan ?? filter?.And?.ObjectSizeLessThan;
  return { ...(greater === undefined ? {} : { greater }), ...(less === undefined ? {} : { less }) };
}

function hasTags({ Filter }: LifecycleRule): boolean {
  return Filter?.Tag !== undefined || (Filter?.And?.Tags?.length ?? 0) > 0;
}
