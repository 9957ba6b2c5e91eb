// Constraints that the inputs of vended log delivery share. Source: botocore logs/2014-03-28.

import type { AwsError } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { type Tags, tagsText } from '../tags.ts';
import { validation } from './errors.ts';

const NAME = { test: /^[\w-]*$/, shown: '[\\w-]*' };
const NAME_LENGTH_MAX = 60;

export function nameConstraints(checked: Validation, path: string, name: string | undefined): Validation {
  return checked.required(path, name).length(path, name, { min: 1, max: NAME_LENGTH_MAX }).pattern(path, name, NAME);
}

export function tagsProblem(tags: Tags | undefined): AwsError | undefined {
  const problem = tags === undefined ? undefined : tagsText(tags);
  return problem === undefined ? undefined : validation(problem);
}
