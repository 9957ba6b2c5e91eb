// Checks of what a request says by itself, in the words of AWS's front end.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { badRequest } from './errors.ts';
import { DESCRIPTION_MAX, REGISTRY_NAME_MAX, SCHEMA_NAME_MAX, TAG_KEY_MAX, TAG_VALUE_MAX, TAGS_MAX } from './limits.ts';

const REGISTRY_NAME = { test: /^[.\-_A-Za-z0-9]+$/, shown: '[.\\-_A-Za-z0-9]+' };
const SCHEMA_NAME = { test: /^[.\-_A-Za-z0-9@]+$/, shown: '[.\\-_A-Za-z0-9@]+' };

export interface Checked {
  readonly RegistryName?: string | undefined;
  readonly SchemaName?: string | undefined;
  readonly Description?: string | undefined;
  readonly Tags?: Readonly<Record<string, string>> | undefined;
}

/** Names, description and tags, those that are given; `also` adds what only one operation has. */
export function problemOf(
  input: Checked,
  also: (validation: Validation) => Validation = (v) => v,
): AwsError | undefined {
  const validation = new Validation()
    .pattern('registryName', input.RegistryName, REGISTRY_NAME)
    .length('registryName', input.RegistryName, { min: 1, max: REGISTRY_NAME_MAX })
    .pattern('schemaName', input.SchemaName, SCHEMA_NAME)
    .length('schemaName', input.SchemaName, { min: 1, max: SCHEMA_NAME_MAX })
    .length('description', input.Description, { max: DESCRIPTION_MAX });
  const { text } = also(validation);
  return text === undefined ? tagsProblem(input.Tags ?? {}) : badRequest(text);
}

/** With all the tags that a resource would have. AWS: General reference, "Tag naming limits and requirements". */
export function tagsProblem(tags: Readonly<Record<string, string>>): AwsError | undefined {
  const keys = Object.keys(tags);
  if (keys.length > TAGS_MAX) return badRequest(`A resource may have at most ${TAGS_MAX} tags.`);
  for (const key of keys) {
    const isLong = key.length > TAG_KEY_MAX || (tags[key] as string).length > TAG_VALUE_MAX;
    if (key === '' || isLong || /^aws:/i.test(key))
      return badRequest(`The tag ${key.slice(0, TAG_KEY_MAX)} is not valid.`);
  }
  return undefined;
}
