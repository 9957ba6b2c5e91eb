// Requests that arrived together go through the gateway side by side: all of them are accepted, then all are decoded, then all are
// submitted. Whoever does one kind of work many times has its instructions and tables in the processor's nearest caches; whoever takes each
// request through everything fetches them anew for each. With 64 connections that was a sixth of the time of a SendMessage
// (docs/figures.md).
//
// The steps of a large request take milliseconds each: they get turns of the event loop of their own, so that others come between them.

/** Must not throw. */
export type Step = () => void;

const LARGE_BODY_BYTES = 256 * 1024;
/** Input and output get their turn between rounds, and the bodies of a round fit into the second cache. */
const ROUND_REQUESTS_MAX = 64;

export class Stages {
  private arrived: Step[] = [];
  /** What the round that runs does after its present stage. */
  private following: Step[] | undefined = undefined;

  /** Does a request's next step, soon. */
  add(bodyBytes: number, step: Step): void {
    if (bodyBytes >= LARGE_BODY_BYTES) setImmediate(step);
    else if (this.following !== undefined) this.following.push(step);
    else if (this.arrived.push(step) === 1) setImmediate(this.run);
  }

  private readonly run = (): void => {
    const { arrived } = this;
    this.arrived = arrived.splice(ROUND_REQUESTS_MAX);
    for (let steps = arrived; steps.length > 0; steps = this.following) {
      this.following = [];
      for (const step of steps) step();
    }
    this.following = undefined;
    if (this.arrived.length > 0) setImmediate(this.run);
  };
}
