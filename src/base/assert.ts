// Assertions stay on in production: a broken invariant is a defect, and the process stops rather than go on with it.

export class Defect extends Error {
  override readonly name = 'Defect';
}

/** Throws a {@link Defect} when a claim the programmer made does not hold. */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new Defect(message);
}

/** Marks a switch as exhaustive: the compiler refuses a call that can be reached. */
export function assertNever(value: never, what: string): never {
  throw new Defect(`${what}: unexpected ${JSON.stringify(value)}`);
}

/** The value, or a defect naming what was expected to exist. */
export function assertDefined<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Defect(`${what} is missing`);
  return value;
}
