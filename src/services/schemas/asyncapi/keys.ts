/** Keys of components are letters, digits, dots, hyphens and underscores; each is given once. */
export class Keys {
  private readonly taken = new Set<string>();

  of(name: string): string {
    const base = name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 200);
    for (let i = 0; ; i += 1) {
      const key = i === 0 ? base : `${base}_${i}`;
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return key;
    }
  }
}
