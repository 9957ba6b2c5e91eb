// Which member of a JSON object is whose column. AWS: API reference, OpenXJsonSerDe: keys are compared in lower case unless CaseInsensitive is
// false, dots become underscores when asked for, and a column may be mapped to another key. Hive's deserializer compares in lower case.

import type { Conversion } from '#services/firehose/performing.ts';
import type { JsonObject, JsonValue } from './json-documents.ts';

/** Made for some columns; gives their values in the same order, undefined for those that are not there. */
export type KeyReader = (columns: readonly string[]) => (object: JsonObject) => readonly (JsonValue | undefined)[];

export function keyReader(deserializer: Conversion['deserializer']): KeyReader {
  if (deserializer.kind === 'hive') return reader((key) => key.toLowerCase(), {});
  const { caseInsensitive, convertDotsInJsonKeysToUnderscores, columnToJsonKeyMappings } = deserializer;
  const normalize = (key: string): string => {
    const converted = convertDotsInJsonKeysToUnderscores ? key.replaceAll('.', '_') : key;
    return caseInsensitive ? converted.toLowerCase() : converted;
  };
  return reader(normalize, columnToJsonKeyMappings);
}

function reader(normalize: (key: string) => string, mappings: Readonly<Record<string, string>>): KeyReader {
  return (columns) => {
    const places = new Map<string, number[]>();
    for (const [i, column] of columns.entries()) {
      const key = normalize(Object.hasOwn(mappings, column) ? (mappings[column] as string) : column);
      places.set(key, [...(places.get(key) ?? []), i]);
    }
    return (object) => {
      const found = new Array<JsonValue | undefined>(columns.length).fill(undefined);
      for (const [key, value] of Object.entries(object)) {
        // Of several keys that differ in case only the first one counts.
        for (const i of places.get(normalize(key)) ?? []) found[i] ??= value;
      }
      return found;
    };
  };
}
