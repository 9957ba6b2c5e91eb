// The log of a bus: its records go through the logs service to where deliveries lead, in the turn in which they happen. A bus that logs nothing,
// or whose log nobody has delivered, costs one look at its document.

import type { VendedLog } from '#cell/doors.ts';
import type { BusDoc } from '../../buses/documents.ts';
import type { EventsTurn } from '../../state.ts';
import { type BusRecord, renderRecord } from './records.ts';
import { isLoggedAt, STEPS } from './steps.ts';

/** As seen in log groups of event buses. */
const STREAM = 'EventBridgeEventBusLogs';

export function isLogging(turn: EventsTurn, { log, arn }: BusDoc): boolean {
  if (log === undefined || log.level === 'OFF') return false;
  return turn.doors.logs?.hasVendedDelivery(turn, arn) === true;
}

/** Only for a bus that is logging; records below its level are left out. */
export function writeRecords(turn: EventsTurn, bus: BusDoc, records: readonly BusRecord[]): void {
  const level = bus.log?.level ?? 'OFF';
  const events: VendedLog['events'] = records
    .filter(({ step }) => isLoggedAt(level, step))
    .map((record) => ({
      logType: `${STEPS[record.step]}_LOGS`,
      timestampMs: turn.nowMs,
      message: renderRecord(bus, record, turn.nowMs),
    }));
  if (events.length > 0) turn.doors.logs?.appendVended(turn, { resourceArn: bus.arn, stream: STREAM, events });
}
