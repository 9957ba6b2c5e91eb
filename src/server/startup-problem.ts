// Why the server does not start: one sentence for the person who started it, and the exit code.

export class StartupProblem extends Error {
  override readonly name = 'StartupProblem';

  constructor(
    message: string,
    /** 2: usage or configuration, 1: the machine did not cooperate. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
