// Where a pipe's log goes beyond its log group: over CloudWatch Logs' delivery service, whose settings these are (a bucket's owner and prefix, the formats). AWS does
// not say as whom pipes write; its CDK grants the pipe's role, which is not asked here.

import type { LogDelivery, LogDestination } from '#cell/log-delivery.ts';
import { formatArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogSettings, PipeDoc } from '../documents.ts';
import type { FieldProblem } from '../errors.ts';
import type { PipesTurn } from '../state.ts';

/** With the member of the request that names it. */
interface NamedDelivery extends LogDelivery {
  readonly member: string;
}

/** Folders as those of AWS's other services; AWS does not say what they are for pipes. */
const PATH = 'AWSLogs/{account-id}/PipesLogs/{region}/{yyyy}/{MM}/{dd}/';

export function hasDestination({ groupArn, streamArn, bucket }: LogSettings): boolean {
  return groupArn !== undefined || streamArn !== undefined || bucket !== undefined;
}

/** AWS does not say what the source is called by which policies know the lines; it begins like this. */
export function deliveriesOf({ name, account, region, log }: PipeDoc): readonly NamedDelivery[] {
  const { streamArn, bucket } = log ?? {};
  const arn = formatArn('logs', scopeOf(account, region), `delivery-source:pipe/${name}`);
  const source = { arn, account, region, name };
  const deliveries: NamedDelivery[] = [];
  if (streamArn !== undefined) {
    deliveries.push({ member: 'FirehoseLogDestination', source, destination: { kind: 'stream', streamArn } });
  }
  if (bucket !== undefined) {
    const { name: ofBucket, owner, prefix = '' } = bucket;
    const destination: LogDestination = { kind: 'bucket', bucket: ofBucket, owner, prefix, path: PATH };
    deliveries.push({ member: 'S3LogDestination', source, destination });
  }
  return deliveries;
}

/** The delivery service is let in as far as whoever sets up the log may do that. Problems are told as those of other members; the text is the service's own. */
export function preparedLog(turn: PipesTurn, pipe: PipeDoc): FieldProblem | undefined {
  const problem = turn.doors.logs?.prepareDeliveries(turn, deliveriesOf(pipe));
  if (problem === undefined) return undefined;
  return { name: `LogConfiguration.${problem.delivery.member}`, message: problem.refused.message };
}
