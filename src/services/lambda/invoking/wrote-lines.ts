// Lines of an invocation that still runs: a long one is read while it goes on, a talkative one does not fill memory.

import { operation } from '#cell/service-definition.ts';
import type { LogLine, LogStreamName } from '../invocation.ts';
import type { LambdaState } from '../state.ts';

export interface WroteLines {
  readonly stream: LogStreamName;
  readonly lines: readonly LogLine[];
}

export const functionWroteLines = operation<LambdaState, WroteLines, object>({
  authorize: undefined,
  decide(turn, { stream, lines }) {
    turn.doors.logs?.append(turn, {
      scope: turn.scope,
      group: stream.logGroup,
      stream: stream.logStream,
      events: lines.map(({ atMs, text }) => ({ timestampMs: atMs, message: text })),
    });
    return { output: {} };
  },
});
