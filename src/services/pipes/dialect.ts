// What patterns of pipes may say.

import type { Dialect } from '#structures/event-pattern/event-pattern.ts';

/** AWS: user guide, "Comparison operators for use in event patterns", the column of pipes. */
export const PIPE_DIALECT: Dialect = {
  operators: new Set([
    'exactly',
    'prefix',
    'suffix',
    'equals-ignore-case',
    'cidr',
    'exists',
    'numeric',
    'anything-but',
  ]),
  anythingBut: new Set(),
  hasNestedForms: true,
};
