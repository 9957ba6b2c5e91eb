/** A payload that follows from its number: length and bytes. */
export function payloadOf(number: number): Uint8Array {
  return new Uint8Array((number * 37) % 1500).fill(number % 251);
}
