// From an archived text back to an event.

import { utf8Decode } from '#base/bytes.ts';
import type { LogRecord } from '#structures/append-log/block.ts';
import { memberOf, valueAt } from '#structures/input-template/json-text.ts';
import type { BusDoc } from '../../buses/documents.ts';
import type { IncomingEvent } from '../../routing/event.ts';
import type { ReplayRun } from '../state.ts';

/** As the archive keeps it: `eventText` wrote it. */
interface ArchivedEvent {
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
}

/** The detail is taken as text: numbers keep their digits. */
export function replayedEvent(
  record: LogRecord,
  run: ReplayRun,
  { id, bus }: { id: string; bus: BusDoc },
): IncomingEvent {
  const text = utf8Decode(record.bytes);
  const archived = JSON.parse(text) as ArchivedEvent;
  const detail = memberOf(text, valueAt(text, 0), 'detail');
  return {
    id,
    bus,
    source: archived.source,
    detailType: archived['detail-type'],
    account: archived.account,
    region: archived.region,
    timeMs: record.timeMs,
    resources: archived.resources,
    detail: detail === undefined ? '{}' : text.slice(detail.start, detail.end),
    replayName: run.doc.name,
    onlyRuleArns: run.doc.ruleArns,
  };
}
