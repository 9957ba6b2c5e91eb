// How long a request's body may be. Code of functions and records of streams travel inside their requests; nothing else comes near the HTTP
// server's own limit.

import type { HeadView } from '#runtime/http/http-context.ts';
import { HTTP_LIMITS } from '#runtime/http/limits.ts';

/** AWS: "Request must be smaller than 70167211 bytes for the CreateFunction operation": 50 MB in base64, and what is around it. */
const UPLOAD_BYTES_MAX = 70_167_211;
const UPLOADS = /^\/2015-03-31\/functions\/?$|^\/2015-03-31\/functions\/[^/]+\/code$/;

/**
 * AWS: Kinesis API reference, PutRecords: 10 MiB of records with their keys; in base64, and what is around five hundred of them. Firehose takes
 * 4 MiB; a batch that is larger is told so in Firehose's words.
 */
const RECORDS_BYTES_MAX = 15 * 1024 * 1024;
const RECORDS = /^(?:Kinesis_20131202\.PutRecords?|Firehose_20150804\.PutRecordBatch)$/;

export function bodyBytesMaxOf({ path, headers }: Pick<HeadView, 'path' | 'headers'>): number {
  if (RECORDS.test(headers['x-amz-target'] ?? '')) return RECORDS_BYTES_MAX;
  return UPLOADS.test(path) ? UPLOAD_BYTES_MAX : HTTP_LIMITS.bodyBytesMax;
}
