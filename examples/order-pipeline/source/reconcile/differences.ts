// What is missing, too much or there twice, in words; of many the first few by name.

const NAMED = 5;

export function missing(what: string, expected: Iterable<string>, found: ReadonlySet<string>): string[] {
  return named(
    `${what} is missing`,
    [...expected].filter((id) => !found.has(id)),
  );
}

/** Missing, and what nobody expected. */
export function differences(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const known = new Set(expected);
  const extra = found.filter((id) => !known.has(id));
  return [...missing(what, expected, new Set(found)), ...named(`${what} is there and should not be`, extra)];
}

export function twice(what: string, ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const again = ids.filter((id) => seen.has(id) || !seen.add(id));
  return named(`${what} is there more than once`, again);
}

function named(what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const rest = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return [`${what}: ${ids.slice(0, NAMED).join(', ')}${rest}`];
}
