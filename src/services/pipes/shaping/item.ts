// An event on its way through a pipe: a message of the source as JSON, later what the enrichment made of it. Texts stay texts, so that numbers keep all their
// digits. AWS: user guide, "Amazon Simple Queue Service as a source"; "Amazon EventBridge Pipes input transformation", "Implicit body data parsing".

import type { PolledMessage } from '#cell/poll-source.ts';
import type { QueueRecord } from '#model/queue-record.ts';
import { parseJsonPath, readJsonPath } from '#structures/input-template/json-path.ts';
import { elementsOf, minified, stringValue, valueAt } from '#structures/input-template/json-text.ts';
import { isJson } from '#structures/input-template/template.ts';

export interface Item {
  /** JSON; an enrichment may also answer with any other text. */
  readonly text: string;
  readonly isJson: boolean;
  /** JSON that paths are read from: a body that is JSON itself is part of it. */
  readonly readable: string;
  /** Whether the payload (of a message: its body) is JSON: without that `<aws.pipes.event.json>` has no value. */
  readonly hasJsonPayload: boolean;
  /** Of the source's message, where the event tells. */
  readonly messageId: string | undefined;
}

export interface SourceEvent extends Item {
  /** Of a record of a stream: its `eventID`. */
  readonly messageId: string;
  readonly message?: PolledMessage;
  /** Of a record of a stream. */
  readonly sequenceNumber?: string;
}

const BODY = '"body":';

export function sourceEvent(record: QueueRecord, message: PolledMessage): SourceEvent {
  const text = JSON.stringify(record);
  const { body } = record;
  const hasJsonPayload = /^\s*[{[]/.test(body) && isJson(body);
  const { messageId } = message;
  if (!hasJsonPayload) return { text, isJson: true, readable: text, hasJsonPayload, messageId, message };
  // Before the body are only ids and handles, which have no quotes.
  const start = text.indexOf(BODY) + BODY.length;
  const end = start + JSON.stringify(body).length;
  const readable = text.slice(0, start) + body + text.slice(end);
  return { text, isJson: true, readable, hasJsonPayload, messageId, message };
}

/** What an enrichment answered: the elements of an array, or one event. Empty: the target gets nothing. */
export function enrichedItems(answer: string): { readonly items: readonly Item[]; readonly isArray: boolean } {
  if (!isJson(answer)) return { items: answer === '' ? [] : [itemOf(answer, false)], isArray: false };
  const whole = minified(answer);
  if (EMPTY.has(whole)) return { items: [], isArray: false };
  if (!whole.startsWith('[')) return { items: [itemOf(whole, true)], isArray: false };
  const spans = [...elementsOf(whole, valueAt(whole, 0))];
  return { items: spans.map(({ start, end }) => itemOf(whole.slice(start, end), true)), isArray: true };
}

/** AWS: user guide, "Filtering events using enrichment": `""`, `{}` or `[]`. A function that returns nothing answers `null`. */
const EMPTY: ReadonlySet<string> = new Set(['""', '{}', '[]', 'null']);

const IDS = ['$.messageId', '$.eventID'].map(parseJsonPath);

function itemOf(text: string, isJsonText: boolean): Item {
  if (!isJsonText) {
    return { text, isJson: false, readable: JSON.stringify(text), hasJsonPayload: false, messageId: undefined };
  }
  const ids = IDS.flatMap((path) => (path === undefined ? [] : (readJsonPath(text, path) ?? [])));
  const id = ids.find((value) => value.startsWith('"'));
  const messageId = id === undefined ? undefined : stringValue(id);
  return { text, isJson: true, readable: text, hasJsonPayload: true, messageId };
}

/** The events as one JSON array. */
export function arrayOf(texts: readonly string[]): string {
  return `[${texts.join(',')}]`;
}
