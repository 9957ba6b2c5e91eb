// All of SQS: documents of queues and move tasks in tables, messages in backlogs by the queue's number, and the remains of purged and deleted
// queues, whose payloads are given back a few thousand at a time.

import { assertDefined } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { MessageSlots } from '#structures/message-slots.ts';
import { Table } from '#structures/table.ts';
import { VisibilityQueue } from '#structures/visibility-queue.ts';
import { Backlog } from './backlog.ts';
import type { MoveTask } from './move-task.ts';
import { NumberedTexts } from './numbered-texts.ts';
import type { Queue } from './queue.ts';

export interface DeletedName {
  readonly deletedAtMs: number;
}

/** A line of messages that is gone, but whose payloads are still held. */
export interface Remains {
  readonly slots: MessageSlots;
  /** Slots from here on are done. */
  limit: number;
}

export class SqsState {
  readonly queues = new Table<Queue>({
    name: 'sqs.queues',
    indexes: {
      byNumber: (queue) => String(queue.number),
      byDeadLetter: (queue) => queue.redrivePolicy?.deadLetterTargetArn,
    },
  });
  readonly moveTasks = new Table<MoveTask>({
    name: 'sqs.moveTasks',
    indexes: {
      bySource: (task) => task.sourceArn,
      running: (task) => (task.status === 'RUNNING' ? task.sourceArn : undefined),
    },
  });
  /** Names that may not be taken again yet; kept only where AWS's own quotas are enforced. */
  readonly deletedNames = new Table<DeletedName>({ name: 'sqs.deletedNames' });
  readonly texts = new NumberedTexts();
  readonly backlogs = new Map<number, Backlog>();
  readonly remains = new Map<number, Remains>();
  /** Numbers are handed out while documents are applied, so that replay hands out the same ones. */
  nextQueueNumber = 1;
  nextRemains = 1;

  backlogOf(queue: Pick<Queue, 'number'>): Backlog {
    return assertDefined(this.backlogs.get(queue.number), `the backlog of queue ${queue.number}`);
  }

  backlog(number: number): Backlog {
    return assertDefined(this.backlogs.get(number), `the backlog of queue ${number}`);
  }

  queueByNumber(number: number): Queue | undefined {
    return this.queues.by('byNumber', String(number))[0];
  }

  write(section: (name: string) => ByteWriter): void {
    const head = section('head');
    head.varint(this.nextQueueNumber);
    head.varint(this.nextRemains);
    this.texts.encode(head);
    head.varint(this.backlogs.size);
    for (const { number, isFifo } of this.backlogs.values()) {
      head.varint(number);
      head.u8(isFifo ? 1 : 0);
    }
    for (const backlog of this.backlogs.values()) {
      backlog.encode(section(`backlog/${backlog.number}`));
    }
    head.varint(this.remains.size);
    for (const [id, { slots, limit }] of this.remains) {
      head.varint(id);
      head.varint(limit);
      slots.encode(section(`remains/${id}`));
    }
  }

  read(section: (name: string) => ByteReader | undefined): void {
    const head = section('head');
    if (head === undefined) return;
    this.nextQueueNumber = head.varint();
    this.nextRemains = head.varint();
    this.texts.restore(head);
    for (let left = head.varint(); left > 0; left -= 1) {
      const number = head.varint();
      const isFifo = head.u8() === 1;
      const backlog = this.backlogs.get(number) ?? new Backlog(number, isFifo);
      backlog.restore(assertDefined(section(`backlog/${number}`), `messages of queue ${number}`));
      this.backlogs.set(number, backlog);
    }
    for (let left = head.varint(); left > 0; left -= 1) {
      const id = head.varint();
      const limit = head.varint();
      // Only the slots of what is gone count; any kind of line has them.
      const { slots } = new VisibilityQueue();
      slots.restore(assertDefined(section(`remains/${id}`), `remains ${id}`));
      this.remains.set(id, { slots, limit });
    }
  }
}
