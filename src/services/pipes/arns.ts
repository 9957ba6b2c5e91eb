import { formatArn, parseArn } from '#model/arn.ts';
import { type Scope, scopeOf, scopePrefix } from '#model/scope.ts';

export function pipeArn(scope: Scope, name: string): string {
  return formatArn('pipes', scope, `pipe/${name}`);
}

export function pipeKey(scope: Scope, name: string): string {
  return `${scopePrefix(scope)}${name}`;
}

/** Undefined when the text is not the ARN of a pipe. */
export function parsePipeArn(text: string): { readonly scope: Scope; readonly name: string } | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'pipes' || !arn.resource.startsWith('pipe/')) return undefined;
  return { scope: scopeOf(arn.account, arn.region), name: arn.resource.slice('pipe/'.length) };
}
