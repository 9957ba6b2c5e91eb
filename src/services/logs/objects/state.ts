// Objects in the making: what was logged and is not in its bucket yet.

import type { PayloadId } from '#cell/payloads.ts';
import type { ObjectPlace } from './facts.ts';

export interface LogObject {
  readonly id: number;
  readonly place: ObjectPlace;
  readonly begunAtMs: number;
  /** Texts of lines, each with its end. */
  readonly payloads: PayloadId[];
  bytes: number;
  isClosed: boolean;
}

export class LogObjects {
  readonly all = new Map<number, LogObject>();
  /** Those that take lines, by the name of their place. */
  private readonly open = new Map<string, LogObject>();
  /** Of this process: those that are being made. */
  readonly writing = new Set<number>();
  nextId = 1;

  findOpen(place: ObjectPlace): LogObject | undefined {
    return this.open.get(nameOf(place));
  }

  add(object: LogObject): void {
    this.all.set(object.id, object);
    if (!object.isClosed) this.open.set(nameOf(object.place), object);
    this.nextId = Math.max(this.nextId, object.id + 1);
  }

  close(object: LogObject): void {
    object.isClosed = true;
    this.open.delete(nameOf(object.place));
  }
}

/** A source whose destination has changed begins another object. */
function nameOf({ source, destination }: ObjectPlace): string {
  return JSON.stringify([source.arn, source.name, destination]);
}
