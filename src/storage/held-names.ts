// Blobs that must not go yet: an answer of thousands of blobs cannot have them all open, and needs them to its end. Whoever deletes one
// meanwhile is told that it is gone; it goes with the last who held it. Nothing of this outlives the process: what was to go is there again after
// a crash, as after one that comes before the deletion.

export class HeldNames {
  private readonly holders = new Map<string, number>();
  private readonly leaving = new Set<string>();

  constructor(private readonly remove: (name: string) => void) {}

  /** Returns how to let them go. */
  hold(names: readonly string[]): () => void {
    for (const name of names) this.holders.set(name, (this.holders.get(name) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const name of names) this.release(name);
    };
  }

  private release(name: string): void {
    const left = (this.holders.get(name) ?? 1) - 1;
    if (left > 0) {
      this.holders.set(name, left);
      return;
    }
    this.holders.delete(name);
    if (this.leaving.delete(name)) this.remove(name);
  }

  /** True when it is held: it goes later. */
  defers(name: string): boolean {
    if (!this.holders.has(name)) return false;
    this.leaving.add(name);
    return true;
  }

  /** There is a new blob of this name. */
  stays(name: string): void {
    this.leaving.delete(name);
  }
}
