// A batch becomes one bulk request to OpenSearch or Elasticsearch. AWS: Firehose developer guide, "Understand data delivery", and API reference,
// AmazonopensearchserviceDestinationConfiguration.

import type { Outcome } from '#cell/turn.ts';
import type { DestinationDoc } from '../documents.ts';
import { DELIVER_OPENSEARCH, type DeliveryResult, type IndexRotation, type OpenSearchDelivery } from '../performing.ts';
import { mayAssumeRole } from '../role.ts';
import type { FirehoseTurn } from '../state.ts';
import { failBatch } from './end-batch.ts';
import { type FoundRun, findRun } from './running.ts';
import { destinationAnswered, destinationFailed, type ErrorForm, giveUp } from './try-destination.ts';

export const OPENSEARCH_ANSWERED = 'opensearch-answered';

type OpenSearchDestination = Extract<DestinationDoc, { readonly kind: 'opensearch' | 'elasticsearch' }>;

export function startOpenSearch(found: FoundRun, destination: OpenSearchDestination): void {
  const { run, content, turn } = found;
  const { trouble } = run.lane;
  const form = formOf(destination.kind);
  if (trouble?.isGivenUp === true) {
    giveUp(found, trouble, form);
    return;
  }
  const {
    RoleARN = '',
    ClusterEndpoint = '',
    IndexName = '',
    IndexRotationPeriod = 'OneDay',
    TypeName,
  } = destination.description;
  if (!mayAssumeRole(turn, content.doc, RoleARN)) {
    const message =
      'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role.';
    destinationFailed(found, { code: 'OS.AccessDenied', message, isRetryable: true }, form);
    return;
  }
  const credentials = turn.doors.credentials?.forRole(turn, {
    roleArn: RoleARN,
    sessionName: 'firehose',
    service: 'firehose.amazonaws.com',
  });
  const input: OpenSearchDelivery = {
    blocks: run.blocks,
    endpoint: ClusterEndpoint,
    indexName: IndexName,
    rotation: IndexRotationPeriod as IndexRotation,
    ...(TypeName === undefined || TypeName === '' ? {} : { typeName: TypeName }),
    documentIds:
      destination.description.DocumentIdOptions?.DefaultDocumentIdFormat === 'NO_DOCUMENT_ID'
        ? 'destination'
        : 'firehose',
    requestId: run.requestId,
    region: content.doc.region,
    ...(credentials === undefined ? {} : { credentials }),
  };
  const { payloads, subject } = run;
  turn.perform({ performer: DELIVER_OPENSEARCH, input, payloads, then: { reaction: OPENSEARCH_ANSWERED, subject } });
}

/** AWS: "Handle data delivery failures": folders `AmazonOpenSearchService_failed/` and, for its predecessor, `elasticsearch-failed/`. */
function formOf(kind: OpenSearchDestination['kind']): ErrorForm {
  return { type: kind === 'opensearch' ? 'AmazonOpenSearchService_failed' : 'elasticsearch-failed', members: {} };
}

export function openSearchAnswered(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject);
  if (found === undefined) return;
  const { kind } = found.content.doc.destination;
  if ('failed' in outcome) failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
  else destinationAnswered(found, outcome.result as DeliveryResult, formOf(kind as OpenSearchDestination['kind']));
}
