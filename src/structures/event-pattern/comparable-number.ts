// Numbers as AWS compares them: within five billion either side of zero, to six digits after the point. So 0.1 + 0.2
// equals 0.3, and 1, 1.0 and 1e0 are one number. Outside of that a pattern can only name a number exactly, and no range
// takes it. AWS: EventBridge user guide, "Numeric matching" (-5.0e9 to +5.0e9, "six digits to the right of the decimal
// point"); the arithmetic is that of github.com/aws/event-ruler, ComparableNumber.

export const NUMBER_MAX = 5_000_000_000;
const SHIFT = 1e6;

/** A whole number that orders as the numbers do; NaN, which compares with nothing, when AWS would not compare it. */
export function comparableNumber(value: number): number {
  return value >= -NUMBER_MAX && value <= NUMBER_MAX ? Math.trunc(SHIFT * (NUMBER_MAX + value)) : Number.NaN;
}

export function isSameNumber(one: number, other: number): boolean {
  return one === other || comparableNumber(one) === comparableNumber(other);
}
