// What the shell is told. `aws` and `terraform` pass the code of the program they ran.

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  serviceError: 4,
  cannotConnect: 5,
  timedOut: 124,
  interrupted: 130,
} as const;

/** Ends a command with one sentence and a code. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';

  constructor(
    readonly exitCode: number,
    sentence: string,
  ) {
    super(sentence);
  }
}
