// An event as JSON. AWS: EventBridge Events Reference, "AWS service event metadata": the names in their order, `replay-name` of replayed events behind
// `region` (so also in recorded messages); `time` has whole seconds.

import type { IncomingEvent } from './event.ts';

export function eventText(event: IncomingEvent): string {
  const { id, detailType, source, account, timeMs, region, resources, detail, replayName } = event;
  const replay = replayName === undefined ? '' : `,"replay-name":${JSON.stringify(replayName)}`;
  return (
    `{"version":"0","id":"${id}","detail-type":${JSON.stringify(detailType)},"source":${JSON.stringify(source)},` +
    `"account":"${account}","time":"${timeText(timeMs)}","region":"${region}"${replay},` +
    `"resources":${resources.length === 0 ? '[]' : JSON.stringify(resources)},"detail":${detail}}`
  );
}

/** Most events of a moment have the same second. */
let lastSecond = Number.NaN;
let lastText = '';

export function timeText(timeMs: number): string {
  const second = Math.floor(timeMs / 1_000);
  if (second === lastSecond) return lastText;
  lastText = `${new Date(second * 1_000).toISOString().slice(0, -5)}Z`;
  lastSecond = second;
  return lastText;
}
