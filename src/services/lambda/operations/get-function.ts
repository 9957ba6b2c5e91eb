// GetFunction, GetFunctionConfiguration, ListFunctions. The code's download address is left out: packages are kept as they
// were uploaded, but not served.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  FunctionConfiguration,
  GetFunctionConfigurationInput,
  GetFunctionInput,
  GetFunctionOutput,
  ListFunctionsInput,
  ListFunctionsOutput,
} from '#wire/generated/lambda.ts';
import { functionArn, LATEST } from '../arns.ts';
import { notAvailable, validationFailed } from '../errors.ts';
import { accountPermission, type FoundVersion, findVersion, type LambdaTurn, permission } from '../find-function.ts';
import { LIST_MAX } from '../limits.ts';
import { nextMarker, readMarker } from '../markers.ts';
import type { LambdaState } from '../state.ts';
import { showConfiguration } from '../views.ts';

function shown(found: FoundVersion): FunctionConfiguration {
  const { scope, name, qualifier } = found.reference;
  return showConfiguration({ ...found, arn: functionArn(scope, name, qualifier) });
}

export const getFunction = operation<LambdaState, GetFunctionInput, GetFunctionOutput>({
  authorize: (turn, input) => permission(turn, 'GetFunction', input),
  decide(turn, input) {
    const found = findVersion(turn, input.FunctionName, input.Qualifier);
    if (isRefused(found)) return found;
    const { doc } = found;
    return {
      output: {
        Configuration: shown(found),
        Code: { RepositoryType: 'S3' },
        ...(Object.keys(doc.tags).length === 0 ? {} : { Tags: doc.tags }),
        ...(doc.reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: doc.reservedConcurrency } }),
      },
    };
  },
});

export const getFunctionConfiguration = operation<LambdaState, GetFunctionConfigurationInput, FunctionConfiguration>({
  authorize: (turn, input) => permission(turn, 'GetFunctionConfiguration', input),
  decide(turn, input) {
    const found = findVersion(turn, input.FunctionName, input.Qualifier);
    return isRefused(found) ? found : { output: shown(found) };
  },
});

export const listFunctions = operation<LambdaState, ListFunctionsInput, ListFunctionsOutput>({
  authorize: (turn) => accountPermission(turn, 'ListFunctions'),
  decide(turn, input) {
    const problem = new Validation()
      .range('maxItems', input.MaxItems, { min: 1, max: 10_000 })
      .oneOf('functionVersion', input.FunctionVersion, ['ALL']).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    if (input.MasterRegion !== undefined) return refuse(notAvailable('MasterRegion'));
    const marker = readMarker(turn, 'functions', input.Marker);
    if (isRefused(marker)) return marker;
    const page = turn.state.functions.page({
      prefix: scopePrefix(turn.scope),
      limit: Math.min(input.MaxItems ?? LIST_MAX, LIST_MAX),
      ...(marker === undefined ? {} : { afterKey: marker }),
    });
    const Functions = page.items.flatMap(({ key, doc }) => {
      const latest = showConfiguration({
        doc,
        settings: doc.latest,
        version: LATEST,
        arn: qualified(turn, doc.name, input),
      });
      return input.FunctionVersion === 'ALL' ? [latest, ...versionsOf(turn, key, doc.name)] : [latest];
    });
    return { output: { Functions, ...nextMarker(turn, 'functions', page.lastKey) } };
  },
});

function qualified(turn: LambdaTurn, name: string, input: ListFunctionsInput): string {
  return functionArn(turn.scope, name, input.FunctionVersion === 'ALL' ? LATEST : undefined);
}

function versionsOf(turn: LambdaTurn, key: string, name: string): FunctionConfiguration[] {
  const doc = turn.state.functions.get(key);
  if (doc === undefined) return [];
  return turn.state.versions.list(`${key}:`).map(({ version, settings }) =>
    showConfiguration({
      doc,
      settings,
      version: String(version),
      arn: functionArn(turn.scope, name, String(version)),
    }),
  );
}
