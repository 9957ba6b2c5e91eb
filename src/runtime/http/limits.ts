// What one client may ask of the HTTP server: sizes, counts and patience. Sizes hold before anything is parsed further.

export interface HttpLimits {
  /** Request line and headers together. AWS's front ends stop near 16 KiB too; more is answered 431. */
  readonly headBytesMax: number;
  readonly headerCountMax: number;
  /** Bytes of a body as sent and again after decompression, unless `bodyBytesMax` of the server options says otherwise. */
  readonly bodyBytesMax: number;
  readonly connectionCountMax: number;
  /** Requests of one connection that may be in work at once; reading pauses beyond it. */
  readonly pipelineCountMax: number;
  /** From the first byte of a head (or from the connection) to its end. */
  readonly headMs: number;
  /** Longer than the pools of common clients keep a connection, so that they close first and never write into a closed one. */
  readonly idleMs: number;
  /** Each window of this length must bring `bodyBytesPerWindowMin` bytes of the body, or its end. */
  readonly bodyWindowMs: number;
  readonly bodyBytesPerWindowMin: number;
  /** How long a client may leave a response unread; time at `readBytesPerSecondMin` for its bytes comes on top. */
  readonly unreadMs: number;
  readonly readBytesPerSecondMin: number;
  /** After a refusal: how long and how much is still read and thrown away, so that the client gets to see the answer. */
  readonly lingerMs: number;
  readonly lingerBytesMax: number;
}

const KIB = 1024;

export const HTTP_LIMITS: HttpLimits = {
  headBytesMax: 16 * KIB,
  headerCountMax: 100,
  // Lambda's synchronous payload of 6 MiB is the largest ordinary one; the slack is for its envelope.
  bodyBytesMax: 6 * KIB * KIB + 256 * KIB,
  connectionCountMax: 8192,
  pipelineCountMax: 32,
  headMs: 10_000,
  idleMs: 65_000,
  bodyWindowMs: 30_000,
  bodyBytesPerWindowMin: 30 * KIB,
  unreadMs: 30_000,
  readBytesPerSecondMin: 16 * KIB,
  lingerMs: 5_000,
  lingerBytesMax: 16 * KIB * KIB,
};
