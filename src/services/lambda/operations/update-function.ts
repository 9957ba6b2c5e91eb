// UpdateFunctionCode, UpdateFunctionConfiguration. Both give $LATEST a new revision; warm environments of the old one end.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  FunctionConfiguration,
  UpdateFunctionCodeInput,
  UpdateFunctionConfigurationInput,
} from '#wire/generated/lambda.ts';
import { functionArn, LATEST } from '../arns.ts';
import { blobsInUse } from '../code-in-use.ts';
import { deadLetterDenial } from '../destination-permission.ts';
import type { FunctionDoc, FunctionSettings } from '../documents.ts';
import { invalidParameter, notAvailable, revisionMismatch, roleNotAssumable } from '../errors.ts';
import {
  type FoundFunction,
  findUnqualified,
  type LambdaTurn,
  permission,
  permissionWithRole,
} from '../find-function.ts';
import { deleteCode, type Prepared, prepareCode, prepareRuntime } from '../prepare-code.ts';
import { publish, withLatest } from '../publish.ts';
import { mayAssumeRole } from '../roles.ts';
import { readSettings } from '../settings.ts';
import type { LambdaState } from '../state.ts';
import { showConfiguration } from '../views.ts';

type CodeInput = UpdateFunctionCodeInput & Prepared;
type Reply = { readonly output: FunctionConfiguration } | ReturnType<typeof refuse>;

export const updateFunctionCode = operation<LambdaState, CodeInput, FunctionConfiguration>({
  authorize: (turn, input) => permission(turn, 'UpdateFunctionCode', { FunctionName: input.FunctionName }),
  prepare: (input, io, request) => prepareCode(input, { code: input, io, request }),
  decide(turn, input) {
    const reply = updateCode(turn, input);
    const blob = input.prepared?.code?.blob;
    if (blob !== undefined && ('refused' in reply || input.DryRun === true)) deleteCode(turn, [blob]);
    return reply;
  },
});

function updateCode(turn: LambdaTurn, input: CodeInput): Reply {
  const found = findUnqualified(turn, input.FunctionName);
  if (isRefused(found)) return found;
  const { doc } = found;
  if (input.RevisionId !== undefined && input.RevisionId !== doc.latest.revisionId) return refuse(revisionMismatch());
  if (input.PublishTo !== undefined) return refuse(notAvailable('PublishTo'));
  const architecture = input.Architectures?.[0] ?? doc.latest.architecture;
  if (architecture !== 'x86_64' && architecture !== 'arm64') {
    return refuse(invalidParameter(`Architecture ${architecture} is unknown.`));
  }
  const code = input.prepared?.code;
  if (code === undefined) return refuse(invalidParameter('Please provide a source for function code.'));
  const settings = { ...doc.latest, code, architecture, revisionId: turn.uuid(), lastModifiedMs: turn.nowMs };
  const after = withLatest(doc, settings);
  if (input.DryRun === true) return { output: shown(found, after, settings) };
  turn.put(turn.state.functions, found.key, after);
  const replaced = doc.latest.code.blob;
  if (!blobsInUse(turn.state, found.key).has(replaced)) deleteCode(turn, [replaced]);
  if (input.Publish !== true) return { output: shown(found, after, settings) };
  const published = publish(turn, found.key, after, undefined);
  return { output: shown(found, after, published.settings, String(published.version)) };
}

export const updateFunctionConfiguration = operation<
  LambdaState,
  UpdateFunctionConfigurationInput,
  FunctionConfiguration
>({
  authorize: (turn, input) => permissionWithRole(turn, 'UpdateFunctionConfiguration', input),
  prepare: (input, io) => prepareRuntime(input, input.Runtime, io),
  decide(turn, input) {
    const found = findUnqualified(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const { doc } = found;
    if (input.RevisionId !== undefined && input.RevisionId !== doc.latest.revisionId) return refuse(revisionMismatch());
    const settings = readSettings({
      input,
      before: doc.latest,
      code: doc.latest.code,
      name: doc.name,
      revisionId: turn.uuid(),
      nowMs: turn.nowMs,
    });
    if (isRefused(settings)) return settings;
    const hasOtherRole = settings.role !== doc.latest.role;
    if (hasOtherRole && !mayAssumeRole(turn, settings.role, doc.arn)) return refuse(roleNotAssumable());
    const isAsked = hasOtherRole || settings.deadLetterArn !== doc.latest.deadLetterArn;
    const denial = isAsked ? deadLetterDenial(turn, doc, settings) : undefined;
    if (denial !== undefined) return refuse(denial);
    const after = withLatest(doc, settings);
    turn.put(turn.state.functions, found.key, after);
    return { output: shown(found, after, settings) };
  },
});

function shown(
  found: FoundFunction,
  doc: FunctionDoc,
  settings: FunctionSettings,
  version?: string,
): FunctionConfiguration {
  const { scope, name } = found.reference;
  return showConfiguration({ doc, settings, version: version ?? LATEST, arn: functionArn(scope, name, version) });
}
