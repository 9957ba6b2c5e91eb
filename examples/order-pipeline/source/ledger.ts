// A service's books: one file of JSON lines, appended and made durable before anybody is told. What is in it twice was never done twice: whoever
// writes asks first, under the id of what happened. On AWS the file is on the service's volume; there is one writer.

import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

export class Ledger<Entry extends { readonly id: string }> {
  private readonly entries = new Map<string, Entry>();

  private constructor(private readonly file: FileHandle) {}

  /** With what an earlier process wrote; a line that it did not finish was never acknowledged, and is cut off. */
  static async open<Entry extends { readonly id: string }>(path: string): Promise<Ledger<Entry>> {
    await mkdir(dirname(path), { recursive: true });
    const text = await readFile(path, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
    const ledger = new Ledger<Entry>(await open(path, 'a'));
    for (const line of whole.split('\n')) if (line !== '') ledger.remember(JSON.parse(line) as Entry);
    return ledger;
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  values(): IterableIterator<Entry> {
    return this.entries.values();
  }

  /** Durable when it resolves. Entries that are known already are left out; gives those that are new. */
  async add(entries: readonly Entry[]): Promise<Entry[]> {
    const fresh: Entry[] = [];
    for (const entry of entries) {
      if (this.has(entry.id)) continue;
      this.remember(entry);
      fresh.push(entry);
    }
    if (fresh.length === 0) return fresh;
    await this.file.appendFile(fresh.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await this.file.datasync();
    return fresh;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private remember(entry: Entry): void {
    this.entries.set(entry.id, entry);
  }
}
