// Where a pipe's log goes beyond its log group: over CloudWatch Logs' delivery service, whose settings these are (a bucket's owner and prefix, the formats). AWS does
// not say as whom pipes write; its CDK grants the pipe's role, which is not asked here.

import type { LogDelivery, LogDestination } from '#cell/log-delivery.ts';
import { formatArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { LogSettings, PipeDoc } from '../documents.ts';
import type { FieldProblem } from '../errors.ts';
import type { PipesTurn } from '../state.ts';

/** Of the request: what a problem is told with. */
interface NamedDestination {
  readonly member: string;
  readonly destination: LogDestination;
}

/** Folders as those of AWS's other services; AWS does not say what they are for pipes. */
const PATH = 'AWSLogs/{account-id}/PipesLogs/{region}/{yyyy}/{MM}/{dd}/';

function destinationsOf({ streamArn, bucket }: LogSettings): readonly NamedDestination[] {
  const toStream: NamedDestination[] =
    streamArn === undefined ? [] : [{ member: 'FirehoseLogDestination', destination: { kind: 'stream', streamArn } }];
  if (bucket === undefined) return toStream;
  const { name, owner, prefix = '' } = bucket;
  const destination: LogDestination = { kind: 'bucket', bucket: name, owner, prefix, path: PATH };
  return [...toStream, { member: 'S3LogDestination', destination }];
}

export function hasDestination(log: LogSettings): boolean {
  return log.groupArn !== undefined || destinationsOf(log).length > 0;
}

export function deliveriesOf(pipe: PipeDoc): readonly LogDelivery[] {
  return deliveries(pipe).map(({ delivery }) => delivery);
}

/** The delivery service is let in as far as whoever sets up the log may do that. Problems are told as those of other members; the text is the service's own. */
export function preparedLog(turn: PipesTurn, pipe: PipeDoc): FieldProblem | undefined {
  for (const { member, delivery } of deliveries(pipe)) {
    const refused = turn.doors.logs?.prepareDelivery(turn, delivery);
    if (refused !== undefined) return { name: `LogConfiguration.${member}`, message: refused.message };
  }
  return undefined;
}

/** AWS does not say what the source is called by which policies know the lines; it begins like this. */
function deliveries({ name, account, region, log }: PipeDoc) {
  if (log === undefined) return [];
  const arn = formatArn('logs', scopeOf(account, region), `delivery-source:pipe/${name}`);
  const source = { arn, account, region, name };
  return destinationsOf(log).map(({ member, destination }) => ({ member, delivery: { source, destination } }));
}
