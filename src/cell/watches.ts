// Who inside the cell wants to know when a key is woken: pollers. Derived from state while facts are applied.

export class Watches {
  private readonly byKey = new Map<string, Set<string>>();

  add(key: string, timerKey: string): void {
    const watching = this.byKey.get(key);
    if (watching === undefined) this.byKey.set(key, new Set([timerKey]));
    else watching.add(timerKey);
  }

  remove(key: string, timerKey: string): void {
    const watching = this.byKey.get(key);
    watching?.delete(timerKey);
    if (watching?.size === 0) this.byKey.delete(key);
  }

  of(key: string): ReadonlySet<string> | undefined {
    return this.byKey.get(key);
  }

  entries(): IterableIterator<[string, Set<string>]> {
    return this.byKey.entries();
  }
}
