// Why the process cannot start, in words for the person who started it. Thrown once while configuration is read and
// stores are opened, printed without a stack. The code leads to `docs/errors/<code>.md`.

export class StartupProblem extends Error {
  override readonly name = 'StartupProblem';

  constructor(
    /** `STO-…` for storage, `CFG-…` for configuration. */
    readonly code: string,
    /** One clear sentence: what is wrong and where. */
    sentence: string,
  ) {
    super(sentence);
  }
}
