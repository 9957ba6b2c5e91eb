// What memory says of the end of a journey: lines under titles, and the sentences that sum it up.

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Standing {
  readonly sections: readonly Section[];
  readonly sentences: readonly string[];
}

export const iso = (ms: number): string => new Date(ms).toISOString();

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export function section(title: string, lines: readonly string[]): readonly Section[] {
  return lines.length === 0 ? [] : [{ title, lines }];
}
