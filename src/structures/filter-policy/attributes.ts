// Message attributes as values that a filter policy can be asked about: String is a text, Number a number,
// String.Array its elements; Binary is not compared. AWS: SNS developer guide, "Filter policy constraints".

export interface FilterableAttribute {
  readonly name: string;
  readonly dataType: string;
  readonly value: string | Uint8Array;
}

export function attributesAsEvent(attributes: readonly FilterableAttribute[]): Readonly<Record<string, unknown>> {
  const event: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { name, dataType, value } of attributes) {
    if (typeof value === 'string') event[name] = eventValue(dataType, value);
  }
  return event;
}

function eventValue(dataType: string, value: string): unknown {
  if (dataType === 'Number') return Number(value);
  return dataType === 'String.Array' ? elementsOf(value) : value;
}

/** An empty list when the text is no JSON array: nothing then matches, and the attribute counts as absent. */
function elementsOf(text: string): readonly unknown[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : [];
  } catch {
    return [];
  }
}
