// The few operations of a file system that the file engine uses, as a port: `node-disk.ts` is the real one, the tests have
// one that loses power and one that fails. Paths are whole; every promise rejects with the system's own error.
//
// Durability is asked for in words: `syncData` makes the written bytes and the length of a file durable, `syncDirectory`
// the names in a directory. Nothing else is promised to survive.

export interface Disk {
  /** `create` makes a new file and refuses an existing one; `through` is for `writeThrough`. All but `read` may write. */
  open(path: string, mode: 'read' | 'write' | 'create' | 'through'): Promise<number>;
  close(fd: number): Promise<void>;
  size(fd: number): Promise<number>;
  /** Fills the buffer from the file; returns fewer bytes only at the end of the file. */
  read(fd: number, buffer: Uint8Array, at: number): Promise<number>;
  /** Writes all the buffers one after another, whole. */
  write(fd: number, buffers: readonly Uint8Array[], at: number): Promise<void>;
  /** As `write` and `syncData` in one, on a file opened with `through`: durable when it resolves. */
  writeThrough(fd: number, buffers: readonly Uint8Array[], at: number): Promise<void>;
  syncData(fd: number): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  /** Replaces `to` when it exists. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Names of the files in a directory, unordered. */
  list(path: string): Promise<string[]>;
  /** Makes the directory and those above it, for the owner only, unless they exist; their names are durable then. */
  makeDirectory(path: string): Promise<void>;
}

/** True for the error that says a file is not there. */
export function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ENOENT';
}

/** True for the errors that say the disk or the quota is full. */
export function isOutOfSpace(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
