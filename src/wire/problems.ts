// Where a decoder writes what is wrong with a request. Decoders do not throw: they note the first problem, return undefined and go on,
// and whoever called them looks here before using the result.

/** Deepest nesting of structures, lists and maps that is followed; recursion ends here, whatever a client sends. */
export const DEPTH_MAX = 100;

export class Problems {
  isEmpty = true;
  /** Of the first problem. Undefined when AWS gives none. */
  message: string | undefined;
  /** Header or parameter that it was found in, where it stood in one. */
  place: string | undefined;
  /** What stood there. */
  text: string | undefined;
  depth = 0;

  note(message: string | undefined): undefined {
    if (this.isEmpty) {
      this.isEmpty = false;
      this.message = message;
    }
    return undefined;
  }

  /** To be called before going one level down; false when that is too deep. `leave` follows. */
  enter(): boolean {
    this.depth += 1;
    if (this.depth <= DEPTH_MAX) return true;
    this.note('Input is nested too deeply');
    return false;
  }

  leave(): void {
    this.depth -= 1;
  }
}
