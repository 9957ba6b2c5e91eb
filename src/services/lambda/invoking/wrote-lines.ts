// Lines of an invocation that still runs: a long one is read while it goes on, a talkative one does not fill memory.

import { operation } from '#cell/service-definition.ts';
import type { LogLine, LogStreamName } from '../invocation.ts';
import { functionKeyOf, type LambdaState } from '../state.ts';
import { writeLog } from './write-log.ts';

export interface WroteLines {
  readonly stream: LogStreamName;
  readonly lines: readonly LogLine[];
}

export const functionWroteLines = operation<LambdaState, WroteLines, object>({
  authorize: undefined,
  decide(turn, { stream, lines }) {
    // The runtime knows a function by the ARN of its version.
    const [name = '', version = ''] = stream.functionKey.split(':').slice(-2);
    const functionKey = functionKeyOf(turn.scope, name);
    writeLog(turn, {
      ...{ scope: turn.scope, functionKey, version, lines },
      ...{ group: stream.logGroup, stream: stream.logStream },
    });
    return { output: {} };
  },
});
