// Finding the function, version or alias that a request names, and the permission that it needs.

import { assertDefined } from '#base/assert.ts';
import type { AuthorizationRequest } from '#cell/authorization.ts';
import type { Turn } from '#cell/turn.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { type FunctionReference, functionArn, LATEST, parseReference } from './arns.ts';
import type { AliasDoc, FunctionDoc, FunctionSettings } from './documents.ts';
import { aliasNotFound, functionNotFound, unqualifiedNeeded } from './errors.ts';
import { passRoleToLambda } from './roles.ts';
import { functionKeyOf, type LambdaState, qualifiedKey, versionKey } from './state.ts';

export type LambdaTurn = Turn<LambdaState>;

export interface FoundFunction {
  readonly reference: FunctionReference;
  readonly key: string;
  readonly doc: FunctionDoc;
}

export interface FoundVersion extends FoundFunction {
  readonly version: string;
  readonly settings: FunctionSettings;
  readonly alias: AliasDoc | undefined;
}

export function findFunction(
  turn: LambdaTurn,
  functionName: string | undefined,
  qualifier?: string | undefined,
): FoundFunction | Refused {
  const reference = parseReference(turn, functionName, qualifier);
  if (isRefused(reference)) return reference;
  const key = functionKeyOf(reference.scope, reference.name);
  const doc = turn.state.functions.get(key);
  if (doc !== undefined) return { reference, key, doc };
  return refuse(functionNotFound(functionArn(reference.scope, reference.name, reference.qualifier)));
}

/** For operations on a function as a whole: AWS's names for them have no version and no alias in them. */
export function findUnqualified(turn: LambdaTurn, functionName: string | undefined): FoundFunction | Refused {
  const found = findFunction(turn, functionName);
  if (isRefused(found)) return found;
  const { qualifier = LATEST } = found.reference;
  return qualifier === LATEST ? found : refuse(unqualifiedNeeded());
}

/** The settings behind a qualifier: $LATEST, a version, or the version that an alias names (not its other weights). */
export function findVersion(
  turn: LambdaTurn,
  functionName: string | undefined,
  qualifier?: string | undefined,
): FoundVersion | Refused {
  const found = findFunction(turn, functionName, qualifier);
  return isRefused(found) ? found : resolveQualifier(turn.state, found);
}

export function resolveQualifier(state: LambdaState, found: FoundFunction): FoundVersion | Refused {
  const { doc, key, reference } = found;
  const { qualifier = LATEST } = reference;
  if (qualifier === LATEST) return { ...found, version: LATEST, settings: doc.latest, alias: undefined };
  const arn = functionArn(reference.scope, reference.name, qualifier);
  if (/^\d+$/.test(qualifier)) {
    const version = state.versions.get(versionKey(key, Number(qualifier)));
    if (version === undefined) return refuse(functionNotFound(arn));
    return { ...found, version: qualifier, settings: version.settings, alias: undefined };
  }
  const alias = state.aliases.get(qualifiedKey(key, qualifier));
  if (alias === undefined) return refuse(aliasNotFound(arn));
  return { ...found, version: alias.version, settings: settingsOf(state, found, alias.version), alias };
}

/** Of a version that exists: aliases name no other. */
export function settingsOf(state: LambdaState, { key, doc }: FoundFunction, version: string): FunctionSettings {
  if (version === LATEST) return doc.latest;
  const found = state.versions.get(versionKey(key, Number(version)));
  return assertDefined(found, `version ${version} of ${doc.arn}`).settings;
}

/** The policy text of what is named, for evaluation. */
export function policyText(state: LambdaState, key: string, qualifier: string | undefined): string | undefined {
  const policy = state.policies.get(qualifiedKey(key, qualifier ?? ''));
  if (policy === undefined || policy.statements.length === 0) return undefined;
  return renderPolicy(policy.statements);
}

export function renderPolicy(statements: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

/** For operations on one function. A name that cannot be read is refused when the operation decides. */
export function permission(
  turn: LambdaTurn,
  action: string,
  input: { readonly FunctionName?: string | undefined; readonly Qualifier?: string | undefined },
): AuthorizationRequest | undefined {
  const reference = parseReference(turn, input.FunctionName, input.Qualifier);
  if (isRefused(reference)) return undefined;
  const { scope, name, qualifier } = reference;
  const key = functionKeyOf(scope, name);
  return {
    action: `lambda:${action}`,
    resource: functionArn(scope, name, qualifier),
    resourceAccount: scope.account,
    resourcePolicy: policyText(turn.state, key, qualifier === LATEST ? undefined : qualifier),
  };
}

/** For operations that may give the function a role. */
export function permissionWithRole(
  turn: LambdaTurn,
  action: string,
  { FunctionName, Role }: { readonly FunctionName?: string | undefined; readonly Role?: string | undefined },
): readonly AuthorizationRequest[] | undefined {
  const asked = permission(turn, action, { FunctionName });
  if (asked === undefined) return undefined;
  return Role === undefined ? [asked] : [asked, passRoleToLambda(turn, Role)];
}

/** For operations on the account as a whole. */
export function accountPermission(turn: LambdaTurn, action: string): AuthorizationRequest {
  return { action: `lambda:${action}`, resource: '*', resourceAccount: turn.scope.account };
}
