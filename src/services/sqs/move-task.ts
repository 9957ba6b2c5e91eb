// A message-move task (dead-letter queue redrive): its document, its handle, its pace.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { turnBounds } from './limits.ts';

export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** Without it each message goes back to the queue it came from. */
  readonly destinationArn?: string | undefined;
  readonly messagesPerSecondMax?: number | undefined;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly startedAtMs: number;
  readonly toMoveCount: number;
  readonly movedCount: number;
  readonly failureReason?: string | undefined;
  /** When the next messages are moved. */
  readonly nextMoveAtMs: number;
}

/** Tasks of one source, oldest first: `account/region/name/start/id`. */
export function moveTaskKey(sourceKey: string, task: Pick<MoveTask, 'id' | 'startedAtMs'>): string {
  return `${sourceKey}/${String(task.startedAtMs).padStart(15, '0')}/${task.id}`;
}

/** AWS: base64 of a JSON object with both names. */
export function encodeTaskHandle(task: Pick<MoveTask, 'id' | 'sourceArn'>): string {
  return base64Encode(utf8Encode(JSON.stringify({ taskId: task.id, sourceArn: task.sourceArn })));
}

export function decodeTaskHandle(handle: string): { readonly taskId: string; readonly sourceArn: string } | undefined {
  const bytes = base64Decode(handle);
  if (bytes === undefined) return undefined;
  try {
    const { taskId, sourceArn } = JSON.parse(utf8Decode(bytes)) as { taskId?: unknown; sourceArn?: unknown };
    return typeof taskId === 'string' && typeof sourceArn === 'string' ? { taskId, sourceArn } : undefined;
  } catch {
    return undefined;
  }
}

/** How many messages are moved at once, and how long after that the next ones: ten steps a second where a rate is given. */
export function paceOf(task: Pick<MoveTask, 'messagesPerSecondMax'>): {
  readonly count: number;
  readonly pauseMs: number;
} {
  const { messagesPerSecondMax } = task;
  if (messagesPerSecondMax === undefined) return { count: turnBounds.moved, pauseMs: 0 };
  const count = Math.max(1, Math.floor(messagesPerSecondMax / 10));
  return { count, pauseMs: Math.ceil((count * 1000) / messagesPerSecondMax) };
}
