// What other services may ask of CloudWatch Logs: to write their logs, and to take what is handed over to a log group.

import type { LogWriter } from '#cell/doors.ts';
import type { ServiceDoors } from '#cell/service-definition.ts';
import { appendOwnLog } from './append.ts';
import type { LogsTurn } from './find-group.ts';
import { acceptHandOver } from './target.ts';
import { deliverLines } from './vended/deliver.ts';
import { prepareDeliveries } from './vended/prepare.ts';
import { vendedRoutes } from './vended/routes.ts';
import { appendVendedLog } from './vended/write.ts';

const logs: LogWriter = {
  append: (turn, entry) => appendOwnLog(turn as LogsTurn, entry),
  hasVendedDelivery: (turn, resourceArn) => vendedRoutes((turn as LogsTurn).state, resourceArn).length > 0,
  appendVended: (turn, log) => appendVendedLog(turn as LogsTurn, log),
  prepareDeliveries: (turn, deliveries) => prepareDeliveries(turn as LogsTurn, deliveries),
  deliver: (turn, delivery, lines) => deliverLines(turn as LogsTurn, delivery, lines),
};

export function doors(): ServiceDoors {
  return { logs, target: { accept: (turn, handOver) => acceptHandOver(turn as LogsTurn, handOver) } };
}
