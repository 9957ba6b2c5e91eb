// What each byte of a partition key in UTF-8 takes in a text of JSON.
export const keyTextLengths = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 128 ? JSON.stringify(String.fromCharCode(byte)).length - 2 : 1,
);
