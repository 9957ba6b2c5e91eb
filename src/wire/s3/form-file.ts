// The bytes of a form's file, out of the bytes behind the form's head: all up to the next boundary. What follows is nothing to S3.

export class FormFile {
  isComplete = false;
  private readonly delimiter: Uint8Array;
  /** What may be the beginning of the delimiter. */
  private held = new Uint8Array(0);

  constructor(
    boundary: string,
    private readonly onData: (bytes: Uint8Array) => void,
  ) {
    this.delimiter = Uint8Array.from(`\r\n--${boundary}`, (char) => char.charCodeAt(0));
  }

  take(bytes: Uint8Array): void {
    if (this.isComplete || bytes.length === 0) return;
    const all = this.held.length === 0 ? bytes : joined(this.held, bytes);
    const at = this.find(all);
    if (at.isWhole) this.isComplete = true;
    else this.held = all.slice(at.index);
    if (at.index > 0) this.onData(all.subarray(0, at.index));
  }

  /** Where the delimiter stands, or where the end of the bytes begins like it. */
  private find(bytes: Uint8Array): { readonly index: number; readonly isWhole: boolean } {
    const { delimiter } = this;
    for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
      let same = 1;
      while (same < delimiter.length && at + same < bytes.length && bytes[at + same] === delimiter[same]) same += 1;
      if (same === delimiter.length) return { index: at, isWhole: true };
      if (at + same === bytes.length) return { index: at, isWhole: false };
    }
    return { index: bytes.length, isWhole: false };
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
