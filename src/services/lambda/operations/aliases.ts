// CreateAlias, GetAlias, UpdateAlias, DeleteAlias, ListAliases. An alias may send a share of invocations to a second version.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  AliasConfiguration,
  AliasRoutingConfiguration,
  CreateAliasInput,
  DeleteAliasInput,
  GetAliasInput,
  ListAliasesInput,
  ListAliasesOutput,
  UpdateAliasInput,
} from '#wire/generated/lambda.ts';
import { functionArn, LATEST } from '../arns.ts';
import type { AliasDoc } from '../documents.ts';
import {
  aliasExists,
  aliasNotFound,
  functionNotFound,
  invalidParameter,
  revisionMismatch,
  validationFailed,
} from '../errors.ts';
import { type FoundFunction, findFunction, type LambdaTurn, permission } from '../find-function.ts';
import { nextMarker, readMarker, readPageLength } from '../markers.ts';
import { type LambdaState, qualifiedKey, versionKey } from '../state.ts';
import { showAlias } from '../views.ts';

const NAME = { test: /^(?!^[0-9]+$)([a-zA-Z0-9-_]+)$/, shown: '(?!^[0-9]+$)([a-zA-Z0-9-_]+)' };
const VERSION = { test: /^(\$LATEST|[0-9]+)$/, shown: '(\\$LATEST|[0-9]+)' };

function versionProblem(turn: LambdaTurn, found: FoundFunction, version: string): AwsError | undefined {
  if (version === LATEST || turn.state.versions.has(versionKey(found.key, Number(version)))) return undefined;
  return functionNotFound(functionArn(found.reference.scope, found.reference.name, version));
}

/** AWS: one further version, numbered, with a weight from 0 to 1. */
function weightsProblem(
  turn: LambdaTurn,
  found: FoundFunction,
  { version, weights }: { version: string; weights: Readonly<Record<string, number>> | undefined },
): AwsError | undefined {
  const others = Object.entries(weights ?? {});
  if (others.length === 0) return undefined;
  if (others.length > 1)
    return invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  const [[other, weight]] = others as [[string, number]];
  if (version === LATEST || other === LATEST) {
    return invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (other === version) {
    return invalidParameter(
      `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
    );
  }
  if (!(weight >= 0 && weight <= 1)) {
    return invalidParameter('AdditionalVersionWeights must be between 0.0 and 1.0');
  }
  return VERSION.test.test(other)
    ? versionProblem(turn, found, other)
    : invalidParameter(`Invalid function version ${other}`);
}

function weightsOf(routing: AliasRoutingConfiguration | undefined): Readonly<Record<string, number>> | undefined {
  const weights = routing?.AdditionalVersionWeights;
  return weights === undefined || Object.keys(weights).length === 0 ? undefined : weights;
}

export const createAlias = operation<LambdaState, CreateAliasInput, AliasConfiguration>({
  authorize: (turn, input) => permission(turn, 'CreateAlias', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const problem = new Validation()
      .required('name', input.Name)
      .pattern('name', input.Name, NAME)
      .length('name', input.Name, { min: 1, max: 128 })
      .required('functionVersion', input.FunctionVersion)
      .pattern('functionVersion', input.FunctionVersion, VERSION)
      .length('description', input.Description, { max: 256 }).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const found = findFunction(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const version = input.FunctionVersion as string;
    const weights = weightsOf(input.RoutingConfig);
    const refused = versionProblem(turn, found, version) ?? weightsProblem(turn, found, { version, weights });
    if (refused !== undefined) return refuse(refused);
    const name = input.Name as string;
    const { scope } = found.reference;
    const key = qualifiedKey(found.key, name);
    if (turn.state.aliases.has(key)) return refuse(aliasExists(functionArn(scope, found.doc.name, name)));
    const alias: AliasDoc = {
      name,
      version,
      description: input.Description ?? '',
      ...(weights === undefined ? {} : { weights }),
      revisionId: turn.uuid(),
    };
    turn.put(turn.state.aliases, key, alias);
    return { output: showAlias(scope, found.doc.name, alias) };
  },
});

function findAlias(turn: LambdaTurn, functionName: string | undefined, name: string | undefined) {
  const found = findFunction(turn, functionName);
  if (isRefused(found)) return found;
  const problem = new Validation().required('name', name).pattern('name', name, NAME).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  const key = qualifiedKey(found.key, name as string);
  const alias = turn.state.aliases.get(key);
  if (alias !== undefined) return { found, key, alias };
  return refuse(aliasNotFound(functionArn(found.reference.scope, found.doc.name, name)));
}

export const getAlias = operation<LambdaState, GetAliasInput, AliasConfiguration>({
  authorize: (turn, input) => permission(turn, 'GetAlias', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const named = findAlias(turn, input.FunctionName, input.Name);
    if (isRefused(named)) return named;
    return { output: showAlias(named.found.reference.scope, named.found.doc.name, named.alias) };
  },
});

export const updateAlias = operation<LambdaState, UpdateAliasInput, AliasConfiguration>({
  authorize: (turn, input) => permission(turn, 'UpdateAlias', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const named = findAlias(turn, input.FunctionName, input.Name);
    if (isRefused(named)) return named;
    const { found, key, alias } = named;
    const problem = new Validation()
      .pattern('functionVersion', input.FunctionVersion, VERSION)
      .length('description', input.Description, { max: 256 }).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    if (input.RevisionId !== undefined && input.RevisionId !== alias.revisionId) return refuse(revisionMismatch());
    const version = input.FunctionVersion ?? alias.version;
    const weights = input.RoutingConfig === undefined ? alias.weights : weightsOf(input.RoutingConfig);
    const refused = versionProblem(turn, found, version) ?? weightsProblem(turn, found, { version, weights });
    if (refused !== undefined) return refuse(refused);
    const after: AliasDoc = {
      name: alias.name,
      version,
      description: input.Description ?? alias.description,
      ...(weights === undefined ? {} : { weights }),
      revisionId: turn.uuid(),
    };
    turn.put(turn.state.aliases, key, after);
    return { output: showAlias(found.reference.scope, found.doc.name, after) };
  },
});

export const deleteAlias = operation<LambdaState, DeleteAliasInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteAlias', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const found = findFunction(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const key = qualifiedKey(found.key, input.Name ?? '');
    // AWS: deleting an alias that does not exist succeeds.
    if (turn.state.aliases.has(key)) turn.drop(turn.state.aliases, key);
    for (const table of [turn.state.policies, turn.state.invokeConfigs] as const) {
      if (table.has(key)) turn.drop<unknown>(table as never, key);
    }
    return { output: {} };
  },
});

export const listAliases = operation<LambdaState, ListAliasesInput, ListAliasesOutput>({
  authorize: (turn, input) => permission(turn, 'ListAliases', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const limit = readPageLength(input.MaxItems);
    if (isRefused(limit)) return limit;
    const found = findFunction(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const list = `aliases/${found.key}/${input.FunctionVersion ?? ''}`;
    const marker = readMarker(turn, list, input.Marker);
    if (isRefused(marker)) return marker;
    const page = turn.state.aliases.page({
      prefix: `${found.key}:`,
      limit: limit.length,
      ...(marker === undefined ? {} : { afterKey: marker }),
      where: (alias) => input.FunctionVersion === undefined || alias.version === input.FunctionVersion,
    });
    const Aliases = page.items.map(({ doc }) => showAlias(found.reference.scope, found.doc.name, doc));
    return { output: { Aliases, ...nextMarker(turn, list, page.lastKey) } };
  },
});
