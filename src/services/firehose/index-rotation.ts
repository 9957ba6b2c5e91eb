// Which index a document belongs to. AWS: Firehose developer guide, "Configure index rotation for OpenSearch Service": a part of the UTC arrival
// time is appended to the index's name. Weeks follow the guide's note (they begin on Sunday, the first one is the first with a Saturday of the
// year); the guide's own table has w08 for 2016-02-25, which is ISO's count and not the note's.

import type { IndexRotation } from './performing.ts';

const DAY_MS = 86_400_000;
const CUTS: Readonly<Partial<Record<IndexRotation, number>>> = { OneHour: 13, OneDay: 10, OneMonth: 7 };

/** `orders` → `orders-2026-02-25-13`, `orders-2026-02-25`, `orders-2026-w09`, `orders-2026-02`. */
export function indexNameAt(indexName: string, rotation: IndexRotation, arrivedAtMs: number): string {
  if (rotation === 'NoRotation') return indexName;
  if (rotation === 'OneWeek') return `${indexName}-${week(arrivedAtMs)}`;
  return `${indexName}-${new Date(arrivedAtMs).toISOString().slice(0, CUTS[rotation]).replace('T', '-')}`;
}

function week(atMs: number): string {
  const day = Math.floor(atMs / DAY_MS);
  // Day 0 of the epoch was a Thursday: day 2 a Saturday.
  const saturdayMs = (day + ((((2 - day) % 7) + 7) % 7)) * DAY_MS;
  const year = new Date(saturdayMs).getUTCFullYear();
  const number = Math.floor((saturdayMs - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${year}-w${String(number).padStart(2, '0')}`;
}
