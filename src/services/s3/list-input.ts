// What the lists of keys, versions and uploads share. With the encoding type `url` the wire writes keys and prefixes encoded.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { invalidArgument } from './errors.ts';
import { LIST_KEYS_MAX } from './limits.ts';

export function readMax(value: number | undefined, name: string): number | Refused {
  if (value === undefined) return LIST_KEYS_MAX;
  if (!Number.isInteger(value) || value < 0 || value > 2_147_483_647) {
    const text = `Argument ${name} must be an integer between 0 and 2147483647`;
    return refuse(invalidArgument(name, String(value), text));
  }
  return Math.min(value, LIST_KEYS_MAX);
}

export function encodingProblem(encoding: string | undefined): AwsError | undefined {
  if (encoding === undefined || encoding === 'url') return undefined;
  return invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
}
