// DeleteFunction: the whole function, or one version of it. Events that wait for it end, its environments and packages go.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { Table } from '#structures/table.ts';
import type { DeleteFunctionInput, DeleteFunctionOutput } from '#wire/generated/lambda.ts';
import { LATEST } from '../arns.ts';
import { dropEventsOf } from '../asynchronous/end-event.ts';
import { blobsInUse } from '../code-in-use.ts';
import { invalidParameter, versionInUse } from '../errors.ts';
import { type FoundFunction, findFunction, type LambdaTurn, permission } from '../find-function.ts';
import { RETIRE_FUNCTION } from '../invocation.ts';
import { deleteCode } from '../prepare-code.ts';
import { type LambdaState, qualifiedKey, versionKey } from '../state.ts';

export const deleteFunction = operation<LambdaState, DeleteFunctionInput, DeleteFunctionOutput>({
  authorize: (turn, input) => permission(turn, 'DeleteFunction', input),
  decide(turn, input) {
    const found = findFunction(turn, input.FunctionName, input.Qualifier);
    if (isRefused(found)) return found;
    const { qualifier } = found.reference;
    if (qualifier === undefined) {
      deleteAll(turn, found);
      return { output: { StatusCode: 204 } };
    }
    return deleteVersion(turn, found, qualifier);
  },
});

function deleteAll(turn: LambdaTurn, { key, doc }: FoundFunction): void {
  const { state } = turn;
  deleteCode(turn, [...blobsInUse(state, key)]);
  retire(turn, doc.arn, LATEST);
  for (const { version } of state.versions.list(`${key}:`)) retire(turn, doc.arn, String(version));
  for (const table of [state.versions, state.aliases, state.policies, state.invokeConfigs]) {
    dropAll(turn, table as Table<unknown>, qualifiedKey(key, ''));
  }
  turn.drop(state.functions, key);
  dropEventsOf(turn, key);
}

function deleteVersion(turn: LambdaTurn, found: FoundFunction, qualifier: string) {
  const { state } = turn;
  const { key, doc } = found;
  if (qualifier === LATEST) {
    return refuse(invalidParameter('$LATEST version cannot be deleted without deleting the function.'));
  }
  if (!/^\d+$/.test(qualifier)) {
    return refuse(invalidParameter('Deletion of aliases is not currently supported.'));
  }
  const version = state.versions.get(versionKey(key, Number(qualifier)));
  if (version === undefined) return { output: { StatusCode: 204 } };
  const aliases = state.aliases
    .list(`${key}:`)
    .filter((alias) => alias.version === qualifier || alias.weights?.[qualifier] !== undefined)
    .map((alias) => alias.name);
  if (aliases.length > 0) return refuse(versionInUse(aliases));
  turn.drop(state.versions, versionKey(key, Number(qualifier)));
  for (const table of [state.policies, state.invokeConfigs] as Table<unknown>[]) {
    if (table.has(qualifiedKey(key, qualifier))) turn.drop(table, qualifiedKey(key, qualifier));
  }
  const { blob } = version.settings.code;
  if (!blobsInUse(state, key).has(blob)) deleteCode(turn, [blob]);
  retire(turn, doc.arn, qualifier);
  return { output: { StatusCode: 204 } };
}

function dropAll(turn: LambdaTurn, table: Table<unknown>, prefix: string): void {
  for (const { key } of table.page({ prefix, limit: Number.POSITIVE_INFINITY }).items) turn.drop(table, key);
}

function retire(turn: LambdaTurn, arn: string, version: string): void {
  turn.perform({
    performer: RETIRE_FUNCTION,
    input: `${arn}:${version}`,
    then: { reaction: 'tidied', subject: '' },
  });
}
