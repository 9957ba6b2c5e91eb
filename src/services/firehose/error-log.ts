// Errors of delivery and processing in the stream's log group. AWS: Firehose developer guide, "Monitor Amazon Data Firehose using CloudWatch
// Logs": one JSON text an error; groups and streams that are missing are made, as for every service's own log.

import { scopeOf } from '#model/scope.ts';
import type { DestinationDoc } from './documents.ts';
import type { Logging } from './plan.ts';
import type { FirehoseTurn, StreamContent } from './state.ts';

export interface LoggedError {
  readonly code: string;
  readonly message: string;
  /** ARN of the function. */
  readonly processor?: string;
}

/** `logging`: of the destination unless told otherwise; buckets for backups and failed records have their own. */
export function logError(
  turn: FirehoseTurn,
  { doc, plan }: StreamContent,
  error: LoggedError,
  logging: Logging | undefined = plan.logging,
): void {
  if (logging === undefined) return;
  const message = JSON.stringify({
    deliveryStreamARN: doc.arn,
    destination: destinationName(doc.destination, plan.s3.bucketArn),
    deliveryStreamVersionId: doc.version,
    message: error.message,
    errorCode: error.code,
    ...(error.processor === undefined ? {} : { processor: error.processor }),
  });
  turn.doors.logs?.append(turn, {
    scope: scopeOf(doc.account, doc.region),
    ...logging,
    events: [{ timestampMs: turn.nowMs, message }],
  });
}

/** As AWS names it in the log: a bucket's ARN, an endpoint's URL. */
export function destinationName(destination: DestinationDoc, bucketArn: string): string {
  const { kind, description } = destination;
  if (kind === 'http') return description.EndpointConfiguration?.Url ?? '';
  if (kind === 'splunk') return description.HECEndpoint ?? '';
  if (kind === 'redshift') return description.ClusterJDBCURL ?? '';
  if (kind === 's3') return bucketArn;
  return description.DomainARN ?? description.ClusterEndpoint ?? '';
}
