// `/_eddy/peek` and `/_aws/sqs/messages`: a queue's messages as they are, oldest first, without receiving them. No receive is counted,
// nothing is hidden, nothing is journaled: memory is read, and the bodies from the journal.

import { DEFAULT_ACCOUNT, DEFAULT_REGION, scopeOf } from '#model/scope.ts';
import { nodeDigest } from '#runtime/digest.ts';
import type { SqsTurn } from '#services/sqs/find-queue.ts';
import { md5OfAttributes } from '#services/sqs/message-md5.ts';
import { type Queue, queueKey, queueKeyOfArn } from '#services/sqs/queue.ts';
import { formatQueueUrl, parseQueueUrl } from '#services/sqs/queue-url.ts';
import { contentAttributesOf, contentOf, queueAttributesOf } from '#services/sqs/render-message.ts';
import type { SqsState } from '#services/sqs/state.ts';
import { describeTaken, type Taken } from '#services/sqs/take.ts';
import { DELAYED, IN_FLIGHT } from '#structures/message-slots.ts';
import { encodeOutput } from '#wire/codec.ts';
import type { Message } from '#wire/generated/sqs.ts';
import type { PeekContext } from './context.ts';
import type { PeekAnswer, PeekedMessage, StreamPeekAnswer } from './contract.ts';
import { peekStream } from './peek-stream.ts';
import { AdminRefusal, type AdminRequest, type AdminRoute } from './router.ts';

const LIMIT_MAX = 1_000;

export function peekRoute(context: PeekContext): AdminRoute {
  return {
    methods: ['GET'],
    async handle({ query, baseUrl }): Promise<{ body: PeekAnswer | StreamPeekAnswer }> {
      const stream = query.get('stream');
      if (stream !== null) return { body: await peekStream(context, stream, limitOf(query)) };
      const queue = findQueue(context, query.get('queue') ?? '', query);
      const messages = await peek(context, queue, { baseUrl, limit: limitOf(query) });
      return { body: { queueUrl: formatQueueUrl(baseUrl, queue), messages: messages.map(({ shown }) => shown) } };
    },
  };
}

/** As LocalStack has it: the answer of ReceiveMessage, in JSON when that is asked for. */
export function peekAliasRoute(context: PeekContext): AdminRoute {
  return {
    methods: ['GET'],
    takesRest: true,
    async handle(request) {
      const { query, baseUrl } = request;
      const queue = findAliasQueue(context, request);
      const messages = await peek(context, queue, { baseUrl, limit: LIMIT_MAX });
      const asked = messages.filter(({ shown }) => isAsked(shown.state, query)).map(({ message }) => message);
      if ((request.accept ?? '').includes('json')) {
        return { body: { ReceiveMessageResponse: { ReceiveMessageResult: { Message: asked } } } };
      }
      const service = context.wire.service('sqs')!;
      const operation = service.operation('ReceiveMessage')!;
      const requestId = '00000000-0000-0000-0000-000000000000';
      const { body } = encodeOutput({ service, operation, protocol: 'query' }, { Messages: asked }, requestId);
      return { contentType: 'text/xml', body: typeof body === 'string' ? body : Buffer.from(body).toString('utf8') };
    },
  };
}

function isAsked(state: PeekedMessage['state'], query: URLSearchParams): boolean {
  const isSet = (name: string): boolean => /^(true|1)$/i.test(query.get(name) ?? '');
  if (state === 'in flight') return isSet('ShowInvisible');
  return state === 'visible' || isSet('ShowDelayed');
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1) throw new AdminRefusal(400, 'limit is a whole number from 1.');
  return Math.min(limit, LIMIT_MAX);
}

function stateOf({ cell }: PeekContext): SqsState {
  return cell.registry.services.get('sqs')?.state as SqsState;
}

/** By name, URL or ARN. */
function findQueue(context: PeekContext, named: string, query: URLSearchParams): Queue {
  const scope = scopeOf(query.get('account') ?? DEFAULT_ACCOUNT, query.get('region') ?? DEFAULT_REGION);
  const address = parseQueueUrl(named, scope);
  const key =
    address === undefined ? (queueKeyOfArn(named) ?? queueKey(scope, named)) : queueKey(address.scope, address.name);
  const queue = stateOf(context).queues.get(key);
  if (queue !== undefined) return queue;
  const text = `There is no queue ${named.slice(0, 200)} in account ${scope.account}, region ${scope.region}; a stream is named by its ARN.`;
  throw new AdminRefusal(404, text);
}

/** `?QueueUrl=…` or `/_aws/sqs/messages/{region}/{account}/{queue}`. */
function findAliasQueue(context: PeekContext, { rest, query }: AdminRequest): Queue {
  const [region, account, name] = rest.split('/');
  if (region !== undefined && account !== undefined && name !== undefined) {
    return findQueue(context, name, new URLSearchParams({ region, account }));
  }
  const url = query.get('QueueUrl');
  if (url === null) throw new AdminRefusal(400, 'QueueUrl is missing.');
  return findQueue(context, url, query);
}

interface Peeked {
  readonly shown: PeekedMessage;
  readonly message: Message;
}

async function peek(
  context: PeekContext,
  queue: Queue,
  options: { baseUrl: string; limit: number },
): Promise<Peeked[]> {
  const { cell } = context;
  const state = stateOf(context);
  const backlog = state.backlogOf(queue);
  const { slots } = backlog.waiting;
  // Everything that memory holds is read before the first wait: afterwards a slot may be another message's.
  const found = backlog.waiting.oldestUpTo(Number.POSITIVE_INFINITY, options.limit).map((slot) => ({
    taken: describeTaken({ state } as SqsTurn, backlog, slot),
    state: visibilityOf(slots.state.get(slot), slots.dueAtMs.get(slot), cell.nowMs),
    location: cell.payloads.locate(slots.payloadId.get(slot) as Taken['payload']),
  }));
  const { journal } = cell.engine;
  const peeked: Peeked[] = [];
  for (const { taken, state: visibility, location } of found) {
    if (location === undefined) continue;
    const payload = await journal.read(location.position, location.length);
    peeked.push(render(context, { queue, taken, visibility, payload, baseUrl: options.baseUrl }));
  }
  return peeked;
}

/** Messages whose instant has come stay where they are until somebody decides on the queue; a person sees them as visible. */
function visibilityOf(state: number, dueAtMs: number, nowMs: number): PeekedMessage['state'] {
  if (dueAtMs <= nowMs) return 'visible';
  if (state === IN_FLIGHT) return 'in flight';
  return state === DELAYED ? 'delayed' : 'visible';
}

interface ToRender {
  readonly queue: Queue;
  readonly taken: Taken;
  readonly visibility: PeekedMessage['state'];
  readonly payload: Uint8Array;
  readonly baseUrl: string;
}

function render(context: PeekContext, { queue, taken, visibility, payload, baseUrl }: ToRender): Peeked {
  const content = contentOf(payload, taken.subscriptionArn, { baseUrl, signer: context.signer });
  const attributes = { ...contentAttributesOf(content), ...queueAttributesOf(taken, queue.isFifo) };
  const messageAttributes = Object.fromEntries(
    content.attributes.map(({ name, dataType, value }) => {
      const text = typeof value === 'string' ? { StringValue: value } : { BinaryValue: value };
      return [name, { ...text, DataType: dataType }];
    }),
  );
  const md5 = md5OfAttributes(nodeDigest, content.attributes);
  return {
    shown: {
      messageId: taken.messageId,
      state: visibility,
      body: content.body,
      attributes,
      messageAttributes: shownAttributes(messageAttributes),
    },
    message: {
      MessageId: taken.messageId,
      // No receipt: what was only looked at cannot be deleted.
      ReceiptHandle: 'SQS/BACKDOOR/ACCESS',
      MD5OfBody: nodeDigest.md5Hex(content.body),
      Body: content.body,
      Attributes: attributes,
      ...(md5 === undefined ? {} : { MD5OfMessageAttributes: md5, MessageAttributes: messageAttributes }),
    },
  };
}

/** For JSON: bytes as base64. */
function shownAttributes(attributes: NonNullable<Message['MessageAttributes']>): PeekedMessage['messageAttributes'] {
  const shown = Object.entries(attributes).map(([name, value]) => {
    const { BinaryValue: bytes } = value;
    return [name, bytes === undefined ? value : { ...value, BinaryValue: Buffer.from(bytes).toString('base64') }];
  });
  return Object.fromEntries(shown);
}
