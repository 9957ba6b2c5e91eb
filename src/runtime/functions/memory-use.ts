// Memory of a child process, from /proc. Where there is no /proc the figures are 0 and the memory setting is not enforced.

import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const MEGABYTE = 1024 * 1024;

/** Most that the process itself ever had resident. */
export function peakMemoryMb(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`));
  return line === null ? 0 : Math.ceil((Number(line[1]) * 1024) / MEGABYTE);
}

/** Resident now, with the processes it started. */
export function residentMemoryMb(pid: number): number {
  return Math.ceil(residentBytes(pid, 0) / MEGABYTE);
}

/** Deep enough for a shell that starts a program that starts workers. */
const DEPTH_MAX = 4;

function residentBytes(pid: number, depth: number): number {
  const pages = Number(readText(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
  let total = pages * PAGE_BYTES;
  if (depth === DEPTH_MAX) return total;
  for (const child of readText(`/proc/${pid}/task/${pid}/children`).split(' ')) {
    if (child !== '') total += residentBytes(Number(child), depth + 1);
  }
  return total;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has just ended, or this system has no /proc.
    return '';
  }
}
