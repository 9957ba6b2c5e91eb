// CreateFunction. The package is checked and stored before the decision (prepare-code.ts).

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { CreateFunctionInput, FunctionConfiguration } from '#wire/generated/lambda.ts';
import { functionArn, LATEST, parseReference } from '../arns.ts';
import { deadLetterDenial } from '../destination-permission.ts';
import type { FunctionDoc } from '../documents.ts';
import { functionExists, invalidParameter, roleNotAssumable, unqualifiedNeeded, validationFailed } from '../errors.ts';
import { type LambdaTurn, permissionWithRole } from '../find-function.ts';
import { deleteCode, type Prepared, prepareCode, prepareRuntime } from '../prepare-code.ts';
import { publish } from '../publish.ts';
import { mayAssumeRole } from '../roles.ts';
import { readSettings } from '../settings.ts';
import { functionKeyOf, type LambdaState } from '../state.ts';
import { tagsProblem } from '../tags.ts';
import { showConfiguration } from '../views.ts';

type Input = CreateFunctionInput & Prepared;
type Reply = { readonly output: FunctionConfiguration } | ReturnType<typeof refuse>;

export const createFunction = operation<LambdaState, Input, FunctionConfiguration>({
  authorize: (turn, input) => permissionWithRole(turn, 'CreateFunction', input),
  prepare: (input, io, request) =>
    prepareRuntime(input, input.Runtime, io).then((runnable) =>
      isRefused(runnable) ? runnable : prepareCode(runnable, { code: input.Code, io, request }),
    ),
  decide(turn, input) {
    const reply = create(turn, input);
    if ('refused' in reply) deleteCode(turn, blobsOf(input));
    return reply;
  },
});

function blobsOf(input: Input): readonly string[] {
  const blob = input.prepared?.code?.blob;
  return blob === undefined ? [] : [blob];
}

function create(turn: LambdaTurn, input: Input): Reply {
  const reference = parseReference(turn, input.FunctionName);
  if (isRefused(reference)) return reference;
  if ((reference.qualifier ?? LATEST) !== LATEST) return refuse(unqualifiedNeeded());
  if (reference.name.length > 64) {
    const text = `1 validation error detected: Value '${reference.name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`;
    return refuse(validationFailed(text));
  }
  const badTags = tagsProblem(input.Tags);
  if (badTags !== undefined) return refuse(badTags);
  const code = input.prepared?.code;
  if (code === undefined) return refuse(invalidParameter('Please provide a source for function code.'));
  const { name } = reference;
  const revisionId = turn.uuid();
  const settings = readSettings({ input, before: undefined, code, name, revisionId, nowMs: turn.nowMs });
  if (isRefused(settings)) return settings;
  const key = functionKeyOf(turn.scope, name);
  if (turn.state.functions.has(key)) return refuse(functionExists(name));
  const arn = functionArn(turn.scope, name);
  if (!mayAssumeRole(turn, settings.role, arn)) return refuse(roleNotAssumable());
  const doc: FunctionDoc = { name, arn, latest: settings, nextVersion: 1, tags: { ...input.Tags } };
  const denial = deadLetterDenial(turn, doc, settings);
  if (denial !== undefined) return refuse(denial);
  turn.put(turn.state.functions, key, doc);
  if (input.Publish !== true) return { output: showConfiguration({ doc, settings, version: LATEST, arn }) };
  const published = publish(turn, key, doc, undefined);
  const version = String(published.version);
  const versionArn = functionArn(turn.scope, name, version);
  return { output: showConfiguration({ doc, settings: published.settings, version, arn: versionArn }) };
}
