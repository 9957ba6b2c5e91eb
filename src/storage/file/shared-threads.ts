// Files share Node's few threads, and the journal must find one at once: whoever sends a message waits for it. Uploads would take all of them
// for writes and syncs that last, so blobs take their turns here, and at least one thread is left. The number is `UV_THREADPOOL_SIZE`, which
// must be set before the process starts.

import type { Disk } from './disk.ts';

const THREADS_USUAL = 4;

export function threadCount(setting: string | undefined): number {
  const count = Number(setting);
  return Number.isInteger(count) && count > 0 ? count : THREADS_USUAL;
}

/** Work of which so much is under way at most; the rest waits in its order. */
class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}

/** The disk as blobs have it. Of four threads they use three at most, and two to write and to sync: reading goes on beside that. */
export function leavingOneThread(disk: Disk, threads = threadCount(process.env['UV_THREADPOOL_SIZE'])): Disk {
  const all = new Turns(Math.max(1, threads - 1));
  const lasting = new Turns(Math.max(1, threads - 2));
  const last = <T>(work: () => Promise<T>): Promise<T> => lasting.take(() => all.take(work));
  return {
    open: (path, mode) => disk.open(path, mode),
    close: (fd) => disk.close(fd),
    size: (fd) => disk.size(fd),
    read: (fd, buffer, at) => all.take(() => disk.read(fd, buffer, at)),
    write: (fd, buffers, at) => last(() => disk.write(fd, buffers, at)),
    writeThrough: (fd, buffers, at) => last(() => disk.writeThrough(fd, buffers, at)),
    syncData: (fd) => last(() => disk.syncData(fd)),
    syncDirectory: (path) => last(() => disk.syncDirectory(path)),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    list: (path) => disk.list(path),
    makeDirectory: (path) => disk.makeDirectory(path),
  };
}
