// Sequence numbers of FIFO queues as clients see them: twenty digits, growing, not consecutive. Inside they count from 1.

const BASE = 18_800_000_000_000_000_000n;
/** AWS's numbers of neighbouring messages are 256 apart. */
const STEP = 256n;

export function formatSequenceNumber(sequence: number): string {
  return String(BASE + BigInt(sequence) * STEP);
}
