// What becomes of an event that violates its schema: refused, or handed to the dead-letter queue with what is wrong beside it. When that queue does not
// take it, it is refused after all: an event is either somewhere or its sender knows.

import { parseUuid } from '#base/uuid.ts';
import type { PutEvent, SchemaViolation } from '#cell/schemas-door.ts';
import { ONCE } from '#deliveries/policies.ts';
import { parseArn } from '#model/arn.ts';
import { encodeStoredMessage, type PlainMessage } from '#model/stored-message.ts';
import { EventHeldBack } from '../facts.ts';
import type { SchemasTurn } from '../state.ts';
import type { FoundViolation } from './find-violation.ts';

const CODE = 'SchemaViolation';
const TEXT_MAX = 1_024;

export function holdBack(
  turn: SchemasTurn,
  put: PutEvent & { readonly eventId: string },
  { found, deadLetterArn }: { readonly found: FoundViolation; readonly deadLetterArn: string | undefined },
): SchemaViolation {
  const { schema, version, path } = found;
  const message = sentenceOf(found);
  const refusal = { action: 'refuse', code: CODE, message, schema, version, path } as const;
  if (deadLetterArn === undefined) return refusal;
  const letter = letterOf(turn, put, found);
  const failure = handOver(turn, { put, letter, deadLetterArn });
  if (failure !== undefined) return { ...refusal, message: `${message}; ${deadLetterArn} did not take it: ${failure}` };
  const { eventId } = put;
  if (parseUuid(eventId) !== undefined) {
    const { messageId } = letter;
    const busArn = put.bus.arn;
    turn.record(EventHeldBack, {
      eventId,
      messageId,
      busArn,
      deadLetterArn,
      schema,
      version,
      path,
      message: found.message,
    });
  }
  return { ...refusal, action: 'dead-lettered' };
}

function sentenceOf({ schema, version, path, message }: FoundViolation): string {
  return `${path === '' ? 'The event' : path} ${message} (schema ${schema}, version ${version})`.slice(0, TEXT_MAX);
}

function letterOf(turn: SchemasTurn, { bus, eventText }: PutEvent, found: FoundViolation): PlainMessage {
  const text = (name: string, value: string) => ({ name, dataType: 'String', value: value.slice(0, TEXT_MAX) || '-' });
  return {
    kind: 'plain',
    messageId: turn.uuid(),
    body: eventText,
    attributes: [
      text('EVENT_BUS_ARN', bus.arn),
      text('ERROR_CODE', CODE),
      text('ERROR_MESSAGE', sentenceOf(found)),
      text('SCHEMA', found.schema),
      text('SCHEMA_VERSION', found.version),
      text('SCHEMA_PATH', found.path),
    ],
    system: {},
  };
}

function handOver(
  turn: SchemasTurn,
  { put, letter, deadLetterArn }: { put: PutEvent; letter: PlainMessage; deadLetterArn: string },
): string | undefined {
  const { arn } = put.bus;
  const account = parseArn(arn)?.account ?? '';
  const started = turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: arn,
      targetArn: deadLetterArn,
      principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn: arn, account },
      payload: turn.storePayload(encodeStoredMessage(letter)),
      content: { kind: 'message', message: letter },
    },
    policy: ONCE,
  });
  return 'failed' in started ? started.failed.detail : undefined;
}
