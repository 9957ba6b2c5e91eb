// Durations as people write them: `90s`, `5m`, `1h30m`, `2d`, `250ms`; a bare number is seconds.

import { CommandProblem, EXIT } from './exit-codes.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const isDuration = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text);
  if (!isDuration)
    throw new CommandProblem(EXIT.usage, `${JSON.stringify(text)} is no duration; write 90s, 5m or 1h30m.`);
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) ms += Number(number) * UNITS[unit!]!;
  return ms;
}
