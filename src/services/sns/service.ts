// The room of SNS: what answers, what is kept, what others may ask for.
import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import { factBindings, tableBindings, UNCONFIRMED_TIMER } from './apply.ts';
import { dropUnconfirmed } from './confirmation.ts';
import { authorizationError } from './errors.ts';
import { answered, HTTP_ANSWER, HTTP_PACE_TIMER, HTTP_READ, paceReached, postRead } from './http/sending.ts';
import { addPermission } from './operations/add-permission.ts';
import { confirmSubscription } from './operations/confirm-subscription.ts';
import { createTopic } from './operations/create-topic.ts';
import { deleteTopic } from './operations/delete-topic.ts';
import { getDataProtectionPolicy } from './operations/get-data-protection-policy.ts';
import { getSubscriptionAttributes } from './operations/get-subscription-attributes.ts';
import { getTopicAttributes } from './operations/get-topic-attributes.ts';
import { listSubscriptions } from './operations/list-subscriptions.ts';
import { listSubscriptionsByTopic } from './operations/list-subscriptions-by-topic.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTopics } from './operations/list-topics.ts';
import { publish } from './operations/publish.ts';
import { publishBatch } from './operations/publish-batch.ts';
import { putDataProtectionPolicy } from './operations/put-data-protection-policy.ts';
import { removePermission } from './operations/remove-permission.ts';
import { setSubscriptionAttributes } from './operations/set-subscription-attributes.ts';
import { setTopicAttributes } from './operations/set-topic-attributes.ts';
import { subscribe } from './operations/subscribe.ts';
import { tagResource } from './operations/tag-resource.ts';
import { unsubscribe } from './operations/unsubscribe.ts';
import { untagResource } from './operations/untag-resource.ts';
import { snapshot } from './snapshot.ts';
import { SnsState, type SnsTurn } from './state.ts';
import { acceptHandOver, topicProblemFor } from './target.ts';

/** With the signer of the store's key, which every service that shows notifications then finds on its turns. */
export function snsService(ports: { readonly signer?: NotificationSigner } = {}): ServiceDefinition {
  return defineService<SnsState>({
    name: 'sns',
    createState: () => new SnsState(),
    tables: tableBindings,
    facts: factBindings,
    operations: {
      AddPermission: addPermission,
      ConfirmSubscription: confirmSubscription,
      CreateTopic: createTopic,
      DeleteTopic: deleteTopic,
      GetDataProtectionPolicy: getDataProtectionPolicy,
      GetSubscriptionAttributes: getSubscriptionAttributes,
      GetTopicAttributes: getTopicAttributes,
      ListSubscriptions: listSubscriptions,
      ListSubscriptionsByTopic: listSubscriptionsByTopic,
      ListTagsForResource: listTagsForResource,
      ListTopics: listTopics,
      Publish: publish,
      PublishBatch: publishBatch,
      PutDataProtectionPolicy: putDataProtectionPolicy,
      RemovePermission: removePermission,
      SetSubscriptionAttributes: setSubscriptionAttributes,
      SetTopicAttributes: setTopicAttributes,
      Subscribe: subscribe,
      TagResource: tagResource,
      Unsubscribe: unsubscribe,
      UntagResource: untagResource,
    },
    timers: { [UNCONFIRMED_TIMER]: dropUnconfirmed, [HTTP_PACE_TIMER]: paceReached },
    reactions: { [HTTP_READ]: postRead, [HTTP_ANSWER]: answered },
    snapshot,
    accessDenied: authorizationError,
    doors: () => ({
      target: {
        accept: (turn, handOver) => acceptHandOver(turn as SnsTurn, handOver),
        problem: (turn, asked) => topicProblemFor(turn as SnsTurn, asked),
      },
      ...ports,
    }),
  });
}

/** Without a signer: envelopes are rendered unsigned. For tests. */
export const sns = snsService();
