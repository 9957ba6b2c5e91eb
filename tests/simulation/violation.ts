// What a simulation throws when a promise was broken. The message is the whole finding; the runner adds seed and step.

export class Violation extends Error {
  override readonly name = 'Violation';
}

export function promise(claim: boolean, broken: () => string): void {
  if (!claim) throw new Violation(broken());
}
