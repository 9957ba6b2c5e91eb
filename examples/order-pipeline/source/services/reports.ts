// Sales reports: the audit stream is read from its beginning, every paid order counted once whatever came twice, the result written under the
// report's id, unless it is there.

import type { Kinesis } from '@aws-sdk/client-kinesis';
import type { S3 } from '@aws-sdk/client-s3';
import type { Message } from '@aws-sdk/client-sqs';
import type { OrderPaid, Report, ReportJob } from '../contracts.ts';
import { auditEvents } from './audit-stream.ts';
import { putOnce } from './images.ts';

export const reportKey = (reportId: string): string => `reports/${reportId}.json`;

export interface ReportPlaces {
  readonly kinesis: Kinesis;
  readonly stream: string;
  readonly s3: S3;
  readonly bucket: string;
}

export function reportWorker(places: ReportPlaces) {
  return async (messages: readonly Message[]): Promise<readonly Message[]> => {
    for (const { Body = '' } of messages) await writeReport(places, (JSON.parse(Body) as ReportJob).reportId);
    return messages;
  };
}

async function writeReport({ kinesis, stream, s3, bucket }: ReportPlaces, reportId: string): Promise<void> {
  const content = JSON.stringify(await reportOf(kinesis, stream, reportId));
  await putOnce(s3, { Bucket: bucket, Key: reportKey(reportId), content, contentType: 'application/json' });
}

async function reportOf(kinesis: Kinesis, stream: string, reportId: string): Promise<Report> {
  const seen = new Set<string>();
  const unitsBySku: Record<string, number> = {};
  let revenueCents = 0;
  for await (const event of auditEvents(kinesis, stream)) {
    if (event['detail-type'] !== 'OrderPaid') continue;
    const { orderId, lines, totalCents } = event.detail as OrderPaid;
    if (seen.has(orderId)) continue;
    seen.add(orderId);
    revenueCents += totalCents;
    for (const { sku, quantity } of lines) unitsBySku[sku] = (unitsBySku[sku] ?? 0) + quantity;
  }
  return { reportId, paidOrders: seen.size, revenueCents, unitsBySku };
}
