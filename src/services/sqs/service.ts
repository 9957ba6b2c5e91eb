// SQS to the kernel: tables only. Start reading at README.md.

import { bind, defineService, on } from '#cell/service-definition.ts';
import * as apply from './apply.ts';
import { accessDenied } from './errors.ts';
import * as facts from './facts.ts';
import { addPermission } from './operations/add-permission.ts';
import { cancelMessageMoveTask } from './operations/cancel-message-move-task.ts';
import { changeMessageVisibility } from './operations/change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts';
import { createQueue } from './operations/create-queue.ts';
import { deleteMessage } from './operations/delete-message.ts';
import { deleteMessageBatch } from './operations/delete-message-batch.ts';
import { deleteQueue } from './operations/delete-queue.ts';
import { getQueueAttributes } from './operations/get-queue-attributes.ts';
import { getQueueUrl } from './operations/get-queue-url.ts';
import { listDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './operations/list-message-move-tasks.ts';
import { listQueueTags } from './operations/list-queue-tags.ts';
import { listQueues } from './operations/list-queues.ts';
import { purgeQueue } from './operations/purge-queue.ts';
import { receiveMessage } from './operations/receive-message.ts';
import { removePermission } from './operations/remove-permission.ts';
import { sendMessage } from './operations/send-message.ts';
import { sendMessageBatch } from './operations/send-message-batch.ts';
import { setQueueAttributes } from './operations/set-queue-attributes.ts';
import { startMessageMoveTask } from './operations/start-message-move-task.ts';
import { tagQueue } from './operations/tag-queue.ts';
import { untagQueue } from './operations/untag-queue.ts';
import { queueSource } from './queue-source.ts';
import { queueTarget } from './queue-target.ts';
import { instantReached } from './reactions/instant-reached.ts';
import { messagesMoved } from './reactions/messages-moved.ts';
import { remainsFreed } from './reactions/remains-freed.ts';
import { SqsState } from './state.ts';

export const sqs = defineService<SqsState>({
  name: 'sqs',
  createState: () => new SqsState(),
  tables: (state) => [
    bind(state.queues, (_key, before, after, context) => apply.applyQueueChanged(state, { before, after }, context)),
    bind(state.moveTasks, (key, _before, after, context) => apply.applyMoveTaskChanged(key, after, context)),
    bind(state.deletedNames),
  ],
  facts: [
    on(facts.MessageSent, apply.applyMessageSent),
    on(facts.MessagesReceived, apply.applyMessagesReceived),
    on(facts.GroupMessagesReceived, apply.applyGroupMessagesReceived),
    on(facts.ReceiveRepeated, apply.applyReceiveRepeated),
    on(facts.MessagesDeleted, apply.applyMessagesDeleted),
    on(facts.VisibilityChanged, apply.applyVisibilityChanged),
    on(facts.MessageDeadLettered, apply.applyMessageDeadLettered),
    on(facts.MessageRedriven, apply.applyMessageRedriven),
    on(facts.MessagesExpired, apply.applyMessagesExpired),
    on(facts.InstantReached, apply.applyInstantReached),
    on(facts.QueuePurged, apply.applyQueuePurged),
    on(facts.RemainsFreed, apply.applyRemainsFreed),
    on(facts.TextNumbered, apply.applyTextNumbered),
    on(facts.RepeatedSendIgnored, () => {}),
  ],
  operations: {
    AddPermission: addPermission,
    CancelMessageMoveTask: cancelMessageMoveTask,
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListMessageMoveTasks: listMessageMoveTasks,
    ListQueueTags: listQueueTags,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    RemovePermission: removePermission,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    StartMessageMoveTask: startMessageMoveTask,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  },
  timers: { instant: instantReached, free: remainsFreed, move: messagesMoved },
  snapshot: { write: (state, section) => state.write(section), read: (state, section) => state.read(section) },
  doors: () => ({ target: queueTarget, source: queueSource }),
  accessDenied,
});
