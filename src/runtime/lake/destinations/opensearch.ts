// One _bulk request to OpenSearch or Elasticsearch. AWS: Firehose developer guide, "Data delivery format", "Handle data delivery failures";
// OpenSearch: "Bulk" (items of the answer stand in the order of the request).

import type { HttpAnswer, HttpFailure } from '#cell/http-request.ts';
import type {
  DeliveryResult,
  FailedDelivery,
  FailedRecord,
  LeftRecords,
  OpenSearchDelivery,
  PreparedPack,
} from '#services/firehose/performing.ts';
import type { BulkBody, MadeBulk } from '../work/bodies.ts';
import {
  baseUrl,
  type DestinationParts,
  failedDelivery,
  isObject,
  isUnreachable,
  jsonObjectOf,
  textOf,
  withDetail,
} from './destination.ts';
import { signedHeaders } from './signed-headers.ts';

const TIMEOUT_MS = 180_000;
/** An item of the answer is some hundred bytes; a batch has 100 MiB at most. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const TOLD_CHARACTERS = 1_024;

export async function deliverToOpenSearch(
  { client, thread }: DestinationParts,
  delivery: OpenSearchDelivery,
  packs: readonly Uint8Array[],
): Promise<DeliveryResult> {
  const { indexName, rotation, typeName, documentIds, requestId } = delivery;
  const input: BulkBody = {
    indexName,
    rotation,
    documentIds,
    requestId,
    ...(typeName === undefined ? {} : { typeName }),
  };
  const { body, indexes, empty } = await thread.run<MadeBulk>('bulk-body', input, packs);
  const refused = empty.map((index) => ({ index, code: '400', message: 'The record is empty: it is no document.' }));
  if (indexes.length === 0) return { outcome: 'delivered', refused };
  const url = `${baseUrl(delivery.endpoint)}/_bulk`;
  const headers = [['Content-Type', 'application/x-ndjson'] as const];
  const outcome = await client.send({
    method: 'POST',
    url,
    headers: delivery.credentials === undefined ? headers : signedHeaders({ ...delivery, url, headers, body }),
    body,
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });
  if ('failure' in outcome) return failedRequest(outcome.failure);
  const items = itemsOf(outcome, indexes.length);
  if ('outcome' in items) return items;
  const { left, ...fates } = fatesOf(items, indexes);
  const packsOf = (numbers: readonly number[]): Promise<readonly PreparedPack[]> =>
    thread.run('select', { indexes: numbers }, packs);
  const allRefused = [...refused, ...fates.refused].sort((one, other) => one.index - other.index);
  const untaken = [...allRefused.map(({ index }) => index), ...(left?.indexes ?? [])];
  return {
    outcome: 'delivered',
    refused: allRefused,
    ...(left === undefined ? {} : { left: await leftRecords(left, packsOf) }),
    ...(allRefused.length === 0 ? {} : { untaken: await packsOf(untaken) }),
  };
}

interface Item {
  readonly status: number;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** One per document, or why the whole request failed. */
function itemsOf(answer: HttpAnswer, count: number): readonly Item[] | FailedDelivery {
  if (answer.status !== 200) {
    // "(http error code returned by OpenSearch Service)", "(error message returned by OpenSearch Service)".
    return failedDelivery(String(answer.status), textOf(answer).slice(0, TOLD_CHARACTERS));
  }
  const items = answer.isBodyCut ? undefined : jsonObjectOf(answer)?.['items'];
  if (!Array.isArray(items) || items.length !== count) {
    return failedDelivery('OS.InvalidResponse', 'The answer of the cluster is not the one of a bulk request.');
  }
  return items.map(itemOf);
}

function itemOf(item: unknown): Item {
  const done = isObject(item) ? item['index'] : undefined;
  if (!isObject(done) || typeof done['status'] !== 'number') {
    return { status: 500, message: 'The cluster did not tell what became of the document.', members: {} };
  }
  const { error } = done;
  const message = isObject(error) ? `${error['type']}: ${error['reason']}` : String(error ?? '');
  return {
    status: done['status'],
    message: message.slice(0, TOLD_CHARACTERS),
    members: {
      esDocumentId: done['_id'] ?? null,
      esIndexName: done['_index'] ?? null,
      esTypeName: done['_type'] ?? null,
    },
  };
}

interface Fates {
  readonly refused: readonly FailedRecord[];
  readonly left: { readonly indexes: readonly number[]; readonly first: Item } | undefined;
}

/** Too busy (429) and failures of the cluster are tried again; what does not fit the index never will. */
function fatesOf(items: readonly Item[], indexes: readonly number[]): Fates {
  const refused: FailedRecord[] = [];
  const left: number[] = [];
  let first: Item | undefined;
  for (const [i, item] of items.entries()) {
    const index = indexes[i] as number;
    if (item.status < 300) continue;
    if (item.status === 429 || item.status >= 500) {
      left.push(index);
      first ??= item;
    } else refused.push({ index, code: String(item.status), message: item.message, members: item.members });
  }
  return { refused, left: first === undefined ? undefined : { indexes: left, first } };
}

async function leftRecords(
  { indexes, first }: { readonly indexes: readonly number[]; readonly first: Item },
  packsOf: (indexes: readonly number[]) => Promise<readonly PreparedPack[]>,
): Promise<LeftRecords> {
  return { packs: await packsOf(indexes), code: String(first.status), message: first.message };
}

function failedRequest(failure: HttpFailure): FailedDelivery {
  if (failure.kind === 'timeout') {
    return failedDelivery('OS.RequestTimeout', withDetail('The cluster did not answer in time.', failure));
  }
  const text = 'Unable to connect to the destination cluster. Make sure that the endpoint is valid and reachable.';
  if (isUnreachable(failure) || failure.kind === 'tls') {
    return failedDelivery('OS.ConnectionFailed', withDetail(text, failure));
  }
  return failedDelivery('OS.ConnectionReset', withDetail('Unable to maintain connection with the cluster.', failure));
}
