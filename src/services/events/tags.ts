// Tags of buses and rules. AWS: API reference, TagResource: at most 50, a key that is there gets the new value.

import { type Refused, refuse } from '#model/aws-error.ts';
import type { Tag } from '#wire/generated/events.ts';
import { limitExceeded, validation } from './errors.ts';
import { TAGS_MAX } from './limits.ts';

export interface KeptTag {
  readonly Key: string;
  readonly Value: string;
}

/** The tags with others added or replaced. `given` satisfies the constraints. Texts are ours: AWS's are not published. */
export function mergedTags(before: readonly KeptTag[], given: readonly Tag[] = []): readonly KeptTag[] | Refused {
  const merged = new Map(before.map((tag) => [tag.Key, tag]));
  for (const { Key = '', Value = '' } of given) {
    if (Key.toLowerCase().startsWith('aws:'))
      return refuse(validation(`Tag key ${Key} is reserved: it begins with aws:.`));
    merged.set(Key, { Key, Value });
  }
  if (merged.size > TAGS_MAX)
    return refuse(limitExceeded('The requested resource exceeds the maximum number allowed.'));
  return [...merged.values()];
}
