// EncodingType=url: keys may hold characters that XML 1.0 cannot. AWS, ListObjectsV2: "If you specify encoding-type request parameter, Amazon
// S3 includes this element in the response, and returns encoded key name values in the following response elements: Delimiter, Prefix,
// Key, and StartAfter"; the other lists name their own. A slash stays a slash; a space becomes a plus sign, as in forms.

import { percentEncode } from '../percent.ts';

const NAMES: ReadonlySet<string> = new Set([
  ...['Delimiter', 'Prefix', 'Key', 'StartAfter'],
  ...['Marker', 'NextMarker', 'KeyMarker', 'NextKeyMarker'],
]);
const LISTS: ReadonlySet<string> = new Set(['Contents', 'CommonPrefixes', 'Versions', 'DeleteMarkers', 'Uploads']);

type Fields = Readonly<Record<string, unknown>>;

export function withEncodedKeys(output: Fields): Fields {
  return output['EncodingType'] === 'url' ? encodeFields(output) : output;
}

function encodeFields(fields: Fields): Fields {
  const encoded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (NAMES.has(name) && typeof value === 'string') encoded[name] = encodeKey(value);
    else if (LISTS.has(name) && Array.isArray(value)) encoded[name] = value.map((each) => encodeFields(each as Fields));
    else encoded[name] = value;
  }
  return encoded;
}

function encodeKey(key: string): string {
  return key.split('/').map(percentEncode).join('/').replaceAll('%20', '+');
}
