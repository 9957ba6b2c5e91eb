// Medians, and the table in which every figure stands beside its target.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export interface Figure {
  readonly what: string;
  /** Undefined: could not be measured; `note` says why. */
  readonly value: number | undefined;
  readonly unit: string;
  /** Reach and beyond: at least, or at most. */
  readonly goal?: { readonly kind: 'at-least' | 'at-most'; readonly reach: number; readonly beyond?: number };
  readonly note?: string;
}

function verdict({ value, goal }: Figure): string {
  if (value === undefined || goal === undefined) return '';
  const reaches = (target: number): boolean => (goal.kind === 'at-least' ? value >= target : value <= target);
  if (goal.beyond !== undefined && reaches(goal.beyond)) return 'beyond';
  return reaches(goal.reach) ? 'reached' : 'SHORT';
}

export function printFigure(figure: Figure): void {
  const { what, value, unit, goal, note } = figure;
  const shown = value === undefined ? 'not measured' : `${Number(value.toPrecision(3))} ${unit}`.trim();
  const sign = goal?.kind === 'at-least' ? '>=' : '<=';
  const target =
    goal === undefined
      ? ''
      : `(reach ${sign} ${goal.reach}${goal.beyond === undefined ? '' : `, beyond ${sign} ${goal.beyond}`})`;
  console.log([what.padEnd(62), shown.padEnd(14), target.padEnd(34), verdict(figure), note ?? ''].join(' ').trimEnd());
}
