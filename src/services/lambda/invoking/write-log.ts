// Lines of a function go to its log in the name of its role: without the role's permission nothing is logged, and nobody is told but who asks for an
// explanation. AWS: developer guide, "Sending Lambda function logs to CloudWatch Logs", required IAM permissions.

import type { Turn } from '#cell/turn.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import { LATEST } from '../arns.ts';
import type { LogLine } from '../invocation.ts';
import { sessionOf } from '../roles.ts';
import { type LambdaState, versionKey } from '../state.ts';

export interface FunctionLines {
  readonly scope: Scope;
  /** Key of the function's document. */
  readonly functionKey: string;
  readonly version: string;
  readonly group: string;
  readonly stream: string;
  readonly lines: readonly LogLine[];
}

export function writeLog(turn: Turn<LambdaState>, { lines, scope, group, stream, ...version }: FunctionLines): void {
  if (lines.length === 0) return;
  const principal = roleOf(turn, scope, version);
  turn.doors.logs?.append(turn, {
    ...{ scope, group, stream },
    events: lines.map(({ atMs, text }) => ({ timestampMs: atMs, message: text })),
    ...(principal === undefined ? {} : { principal }),
  });
}

/** Undefined when the function went while it ran: its last lines are kept. */
function roleOf(
  turn: Turn<LambdaState>,
  scope: Scope,
  { functionKey, version }: Pick<FunctionLines, 'functionKey' | 'version'>,
): Principal | undefined {
  const doc = turn.state.functions.get(functionKey);
  if (doc === undefined) return undefined;
  const settings =
    version === LATEST ? doc.latest : turn.state.versions.get(versionKey(functionKey, Number(version)))?.settings;
  return settings === undefined ? undefined : sessionOf(turn.within(scope, turn.principal), doc, settings);
}
