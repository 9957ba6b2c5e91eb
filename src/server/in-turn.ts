/** To read and to decide so much takes milliseconds each. */
const LARGE_BODY_BYTES = 256 * 1024;

/** Does a step of a request. One of a large request waits until others had their turn: together its steps would hold them up for long. */
export function inTurn(bodyBytes: number, step: () => void): void {
  if (bodyBytes < LARGE_BODY_BYTES) step();
  else setImmediate(step);
}
