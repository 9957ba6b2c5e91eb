// Condition keys of PutRule: which sources, types and services a rule is made for. AWS: EventBridge user guide, "Using IAM policy conditions":
// the values that the pattern's fields list; a policy can so demand that a rule asks for certain sources only.

import type { Context } from '../access.ts';

const FIELDS: readonly (readonly [string, readonly string[]])[] = [
  ['events:source', ['source']],
  ['events:detail-type', ['detail-type']],
  ['events:detail.service', ['detail', 'service']],
  ['events:detail.eventTypeCode', ['detail', 'eventTypeCode']],
  ['events:detail.userIdentity.principalId', ['detail', 'userIdentity', 'principalId']],
];

export function patternContext(pattern: string | undefined): Context {
  let json: unknown;
  try {
    json = JSON.parse(pattern ?? '');
  } catch {
    return {};
  }
  const context: Record<string, readonly string[]> = {};
  for (const [key, path] of FIELDS) {
    let at = json;
    for (const name of path)
      at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined;
    if (!Array.isArray(at)) continue;
    const values = at.filter((value): value is string => typeof value === 'string');
    if (values.length > 0) context[key] = values;
  }
  return context;
}
