// Constraints that the inputs of vended log delivery share. Source: botocore logs/2014-03-28.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { TAGS_MAX } from '../limits.ts';
import { validation } from './errors.ts';

const NAME = { test: /^[\w-]*$/, shown: '[\\w-]*' };
const NAME_LENGTH_MAX = 60;

export function nameConstraints(checked: Validation, path: string, name: string | undefined): Validation {
  return checked.required(path, name).length(path, name, { min: 1, max: NAME_LENGTH_MAX }).pattern(path, name, NAME);
}

export function tagsProblem(tags: Readonly<Record<string, string>> | undefined): AwsError | undefined {
  if (tags === undefined) return undefined;
  const problem = new Validation().length('tags', Object.keys(tags), { min: 1, max: TAGS_MAX }).text;
  return problem === undefined ? undefined : validation(problem);
}
