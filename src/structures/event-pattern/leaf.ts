/** A value of an event that patterns test. */
export type Leaf = string | number | boolean | null;
