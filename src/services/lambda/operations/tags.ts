// TagResource, UntagResource, ListTags: of functions and of event source mappings.

import { operation } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopeOf, scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type { ListTagsInput, ListTagsOutput, TagResourceInput, UntagResourceInput } from '#wire/generated/lambda.ts';
import { functionNotFound, invalidParameter, resourceNotFound, validationFailed } from '../errors.ts';
import type { LambdaTurn } from '../find-function.ts';
import { functionKeyOf, type LambdaState } from '../state.ts';
import { type Tags, tagsProblem } from '../tags.ts';

interface Tagged {
  readonly tags: Tags;
  write(tags: Tags): void;
}

function findTagged(turn: LambdaTurn, resource: string | undefined): Tagged | Refused {
  const problem = new Validation().required('resource', resource).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  const arn = parseArn(resource as string);
  const [kind, name] = (arn?.resource ?? '').split(':');
  if (arn === undefined || name === undefined || (kind !== 'function' && kind !== 'event-source-mapping')) {
    const shown =
      'arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:.+|event-source-mapping:.+)';
    const text = `1 validation error detected: Value '${resource}' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: ${shown}`;
    return refuse(validationFailed(text));
  }
  const scope = scopeOf(arn.account, arn.region);
  if (kind === 'event-source-mapping') {
    const key = scopePrefix(scope) + name;
    const mapping = turn.state.mappings.get(key);
    if (mapping === undefined) return refuse(resourceNotFound());
    return { tags: mapping.tags, write: (tags) => turn.put(turn.state.mappings, key, { ...mapping, tags }) };
  }
  if (arn.resource.split(':').length > 2) {
    return refuse(
      invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.'),
    );
  }
  const key = functionKeyOf(scope, name);
  const doc = turn.state.functions.get(key);
  if (doc === undefined) return refuse(functionNotFound(resource as string));
  return { tags: doc.tags, write: (tags) => turn.put(turn.state.functions, key, { ...doc, tags }) };
}

function may(turn: LambdaTurn, action: string, resource: string | undefined) {
  const account = parseArn(resource ?? '')?.account ?? turn.scope.account;
  return { action: `lambda:${action}`, resource: resource ?? '*', resourceAccount: account };
}

function tagsMissing(): AwsError {
  return validationFailed(new Validation().required('tags', undefined).text as string);
}

export const tagResource = operation<LambdaState, TagResourceInput, object>({
  authorize: (turn, input) => may(turn, 'TagResource', input.Resource),
  decide(turn, input) {
    const found = findTagged(turn, input.Resource);
    if (isRefused(found)) return found;
    const wrong = input.Tags === undefined ? tagsMissing() : tagsProblem(input.Tags, found.tags);
    if (wrong !== undefined) return refuse(wrong);
    found.write({ ...found.tags, ...input.Tags });
    return { output: {} };
  },
});

export const untagResource = operation<LambdaState, UntagResourceInput, object>({
  authorize: (turn, input) => may(turn, 'UntagResource', input.Resource),
  decide(turn, input) {
    const found = findTagged(turn, input.Resource);
    if (isRefused(found)) return found;
    const keys = new Set(input.TagKeys ?? []);
    found.write(Object.fromEntries(Object.entries(found.tags).filter(([key]) => !keys.has(key))));
    return { output: {} };
  },
});

export const listTags = operation<LambdaState, ListTagsInput, ListTagsOutput>({
  authorize: (turn, input) => may(turn, 'ListTags', input.Resource),
  decide(turn, input) {
    const found = findTagged(turn, input.Resource);
    return isRefused(found) ? found : { output: { Tags: found.tags } };
  },
});
