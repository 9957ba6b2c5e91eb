// One text for equal JSON values: members in the order of their names. Equality of JSON Schema's `enum` and `uniqueItems`, and of documents.

export function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as unknown[]).map(canonicalText).join(',')}]`;
  const members = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalText(inner)}`);
  return `{${members.join(',')}}`;
}
