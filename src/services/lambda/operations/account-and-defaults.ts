// GetAccountSettings, and settings that every function has with one value here: no code signing, runtime updates with this
// machine's interpreters. Clients such as Terraform read them after creating a function.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  GetAccountSettingsInput,
  GetAccountSettingsOutput,
  GetFunctionCodeSigningConfigInput,
  GetFunctionCodeSigningConfigOutput,
  GetFunctionRecursionConfigInput,
  GetFunctionRecursionConfigOutput,
  GetRuntimeManagementConfigInput,
  GetRuntimeManagementConfigOutput,
  PutFunctionRecursionConfigInput,
} from '#wire/generated/lambda.ts';
import { functionArn } from '../arns.ts';
import { notAvailable, validationFailed } from '../errors.ts';
import { accountPermission, findFunction, findVersion, permission } from '../find-function.ts';
import { CODE_STORAGE_BYTES_MAX, CONCURRENCY_MAX, UNZIPPED_BYTES_MAX, ZIP_BYTES_MAX } from '../limits.ts';
import type { LambdaState } from '../state.ts';
import { reservedInScope } from './concurrency.ts';

export const getAccountSettings = operation<LambdaState, GetAccountSettingsInput, GetAccountSettingsOutput>({
  authorize: (turn) => accountPermission(turn, 'GetAccountSettings'),
  decide(turn) {
    const functions = turn.state.functions.list(scopePrefix(turn.scope));
    const versions = turn.state.versions.list(scopePrefix(turn.scope));
    const blobs = new Map(
      [...functions.map((doc) => doc.latest), ...versions.map((doc) => doc.settings)].map(({ code }) => [
        code.blob,
        code.bytes,
      ]),
    );
    return {
      output: {
        AccountLimit: {
          TotalCodeSize: CODE_STORAGE_BYTES_MAX,
          CodeSizeUnzipped: UNZIPPED_BYTES_MAX,
          CodeSizeZipped: ZIP_BYTES_MAX,
          ConcurrentExecutions: CONCURRENCY_MAX,
          UnreservedConcurrentExecutions: CONCURRENCY_MAX - reservedInScope(turn),
        },
        AccountUsage: {
          TotalCodeSize: [...blobs.values()].reduce((sum, bytes) => sum + bytes, 0),
          FunctionCount: functions.length,
        },
      },
    };
  },
});

export const getFunctionCodeSigningConfig = operation<
  LambdaState,
  GetFunctionCodeSigningConfigInput,
  GetFunctionCodeSigningConfigOutput
>({
  authorize: (turn, input) => permission(turn, 'GetFunctionCodeSigningConfig', input),
  decide(turn, input) {
    const found = findFunction(turn, input.FunctionName);
    if (isRefused(found)) return found;
    return { output: { CodeSigningConfigArn: '', FunctionName: found.doc.name } };
  },
});

export const getRuntimeManagementConfig = operation<
  LambdaState,
  GetRuntimeManagementConfigInput,
  GetRuntimeManagementConfigOutput
>({
  authorize: (turn, input) => permission(turn, 'GetRuntimeManagementConfig', input),
  decide(turn, input) {
    const found = findVersion(turn, input.FunctionName, input.Qualifier);
    if (isRefused(found)) return found;
    const { scope, name, qualifier } = found.reference;
    return { output: { UpdateRuntimeOn: 'Auto', FunctionArn: functionArn(scope, name, qualifier) } };
  },
});

/** AWS stops recursive loops through SQS and SNS; here nothing does, which is what `Allow` means. */
export const getFunctionRecursionConfig = operation<
  LambdaState,
  GetFunctionRecursionConfigInput,
  GetFunctionRecursionConfigOutput
>({
  authorize: (turn, input) => permission(turn, 'GetFunctionRecursionConfig', input),
  decide(turn, input) {
    const found = findFunction(turn, input.FunctionName);
    return isRefused(found) ? found : { output: { RecursiveLoop: 'Allow' } };
  },
});

export const putFunctionRecursionConfig = operation<
  LambdaState,
  PutFunctionRecursionConfigInput,
  GetFunctionRecursionConfigOutput
>({
  authorize: (turn, input) => permission(turn, 'PutFunctionRecursionConfig', input),
  decide(turn, input) {
    const { RecursiveLoop } = input;
    const problem = new Validation()
      .required('recursiveLoop', RecursiveLoop)
      .oneOf('recursiveLoop', RecursiveLoop, ['Allow', 'Terminate']).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const found = findFunction(turn, input.FunctionName);
    if (isRefused(found)) return found;
    return RecursiveLoop === 'Terminate'
      ? refuse(notAvailable('RecursiveLoop Terminate'))
      : { output: { RecursiveLoop } };
  },
});
