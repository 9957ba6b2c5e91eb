// How clients name functions: a bare name, `account:function:name`, or an ARN, each with an optional `:qualifier`.
// Source: Lambda API reference, parameter FunctionName.

import type { Turn } from '#cell/turn.ts';
import { formatArn } from '#model/arn.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import { invalidParameter, validationFailed } from './errors.ts';

const SHOWN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';
const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;
const NAME_LENGTH_MAX = 140;
const QUALIFIER = {
  test: /^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_$]+)$/,
  shown: '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+',
};

export const LATEST = '$LATEST';

export interface FunctionReference {
  /** Whose function: the caller's account and region unless the name says another. */
  readonly scope: Scope;
  readonly name: string;
  /** Undefined: $LATEST, without having been named. */
  readonly qualifier: string | undefined;
}

export function parseReference(
  turn: Pick<Turn, 'scope'>,
  functionName: string | undefined,
  qualifier?: string | undefined,
): FunctionReference | Refused {
  const problem = new Validation()
    .required('functionName', functionName)
    .length('functionName', functionName, { min: 1, max: NAME_LENGTH_MAX + 100 })
    .pattern('functionName', functionName, { test: REFERENCE, shown: SHOWN })
    .pattern('qualifier', qualifier, QUALIFIER)
    .length('qualifier', qualifier, { min: 1, max: 128 }).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  const [, region, account, name, ownQualifier] = REFERENCE.exec(functionName as string) as unknown as string[];
  if (qualifier !== undefined && ownQualifier !== undefined && qualifier !== ownQualifier) {
    return refuse(
      invalidParameter('The derived qualifier from the function name does not match the specified qualifier.'),
    );
  }
  const scope = scopeOf(account ?? turn.scope.account, region ?? turn.scope.region);
  return { scope, name: name as string, qualifier: qualifier ?? ownQualifier };
}

export function functionArn(scope: Scope, name: string, qualifier?: string): string {
  return formatArn('lambda', scope, `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`);
}

export function mappingArn(scope: Scope, uuid: string): string {
  return formatArn('lambda', scope, `event-source-mapping:${uuid}`);
}
