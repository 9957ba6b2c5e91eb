// Brings the lines of invocations that still run into the cell.

import { randomUUID } from 'node:crypto';
import type { Cell } from '#cell/cell.ts';
import { parseArn } from '#model/arn.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { FUNCTION_WROTE_LINES, type LogSink } from '#services/lambda/invocation.ts';

export function handOverLines(cell: Pick<Cell, 'submit'>): LogSink {
  return (stream, lines) => {
    // The function key begins with the function's ARN.
    const arn = parseArn(stream.functionKey);
    if (arn === undefined) return;
    cell.submit({
      service: 'lambda',
      operation: FUNCTION_WROTE_LINES,
      input: { stream, lines },
      scope: scopeOf(arn.account, arn.region),
      principal: rootOf(arn.account, arn.partition),
      request: { requestId: randomUUID(), baseUrl: '', sourceIp: '127.0.0.1', userAgent: 'lambda', isSecure: false },
      onReply: () => {},
    });
  };
}
