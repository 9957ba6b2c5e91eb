/** For tests; the package has no types. */
declare module 'snappyjs' {
  const SnappyJS: { uncompress(bytes: Uint8Array): Uint8Array; compress(bytes: Uint8Array): Uint8Array };
  export default SnappyJS;
}
