// What the lists of keys, versions and uploads share. With the encoding type `url` the wire writes keys and prefixes encoded.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { invalidArgument } from './errors.ts';
import { LIST_KEYS_MAX } from './limits.ts';

const INTEGER_MAX = 2_147_483_647;

/** AWS's two refusals are in other words (as servers have them that copy AWS's answers): of `max-keys` the second names it otherwise. */
export function readMax(value: number | undefined, name: string): number | Refused {
  if (value === undefined) return LIST_KEYS_MAX;
  if (!Number.isInteger(value) || Math.abs(value) > INTEGER_MAX) {
    return refuse(invalidArgument(name, String(value), `Provided ${name} not an integer or within integer range`));
  }
  if (value < 0) {
    const shown = name === 'max-keys' ? 'maxKeys' : name;
    const text = `Argument ${shown} must be an integer between 0 and ${INTEGER_MAX}`;
    return refuse(invalidArgument(shown, String(value), text));
  }
  return Math.min(value, LIST_KEYS_MAX);
}

export function encodingProblem(encoding: string | undefined): AwsError | undefined {
  if (encoding === undefined || encoding === 'url') return undefined;
  return invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
}
