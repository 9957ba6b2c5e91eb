// Records of a bus's log as JSON. AWS: EventBridge user guide, "Amazon EventBridge event bus log schema"; `event_bus_name` and the order of the
// members are from records of real buses. With IncludeDetail NONE a record has nothing of the event's detail and of what the target got.

import { utf8Length } from '#base/bytes.ts';
import type { BusDoc } from '../../buses/documents.ts';
import { STEPS, type Step } from './steps.ts';

export interface BusRecord {
  readonly step: Step;
  readonly eventId: string;
  readonly requestId?: string | undefined;
  readonly invocationId?: string | undefined;
  /** Members in AWS's order; what is undefined is left out. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly error?: RecordError | undefined;
}

export interface RecordError {
  readonly http_status_code?: number;
  readonly error_message: string;
  readonly aws_service: string;
}

/** AWS: the same guide, "Including detail data in event bus logs": members that only FULL shows. */
const DETAIL_DATA = new Set(['event_detail', 'target_input', 'target_properties', 'target_response_body']);

/** AWS: records are kept below 1 MB; a line of a log group counts 26 bytes more. */
const RECORD_BYTES_MAX = 1024 * 1024 - 26;

export function renderRecord(bus: BusDoc, record: BusRecord, nowMs: number): string {
  const { step, eventId, requestId, invocationId, error } = record;
  const details = shownDetails(record.details, bus.log?.includeDetail === 'FULL');
  const members = {
    resource_arn: bus.arn,
    event_bus_name: bus.name,
    request_id: requestId,
    event_id: eventId,
    invocation_id: invocationId,
    message_timestamp_ms: nowMs,
    message_type: step,
    log_level: STEPS[step],
    details,
    error,
  };
  const text = JSON.stringify(members);
  if (utf8Length(text) <= RECORD_BYTES_MAX) return text;
  // AWS: "Truncating data in event bus logs": what was left out is named.
  const dropped = Object.keys(details).filter((name) => DETAIL_DATA.has(name));
  const kept = Object.fromEntries(Object.entries(details).filter(([name]) => !DETAIL_DATA.has(name)));
  return JSON.stringify({ ...members, details: kept, dropped_fields: dropped });
}

function shownDetails(details: BusRecord['details'] = {}, isFull: boolean): Readonly<Record<string, unknown>> {
  if (isFull) return details;
  return Object.fromEntries(Object.entries(details).filter(([name]) => !DETAIL_DATA.has(name)));
}
