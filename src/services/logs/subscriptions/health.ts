// Whether a destination can be reached, asked when a filter is put: a stream and a delivery stream get a control message, of a function only the permission is asked. All
// of it goes the way of a client's call, which decides nothing when it refuses. Texts: replies of PutSubscriptionFilter quoted in public issues
// (alertlogic/cloudwatch-logs-s3-export 9, ClaudioWaldvogel/cloudwatch-loki-shipper 6); that of Firehose is plausible after them.

import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { invalidParameter } from '../errors.ts';
import type { LogsTurn } from '../find-group.ts';
import { callOperation } from '../own-call.ts';
import { controlMessage } from './data-message.ts';
import type { SubscriptionFilterDoc, Vendor } from './documents.ts';
import { mayAssumeRole, serviceFor, servicesOf, sessionOf } from './role.ts';

const UNREACHABLE: Readonly<Record<Vendor, string>> = {
  kinesis:
    'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
  firehose:
    'Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state.',
  lambda:
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
};

/** The service as which the destination takes events, or why it takes none. */
export function checkedDestination(
  turn: LogsTurn,
  doc: Omit<SubscriptionFilterDoc, 'service'>,
  vendor: Vendor,
): { readonly service: string } | AwsError {
  const [own = ''] = servicesOf(doc);
  if (vendor === 'lambda') {
    const service = servicesOf(doc).find((name) => isInvocable(turn, doc, name));
    return service === undefined ? invalidParameter(UNREACHABLE.lambda) : { service };
  }
  const { roleArn = '' } = doc;
  const isReached = mayAssumeRole(turn, doc, roleArn) && takesControlMessage(turn, { ...doc, roleArn }, vendor);
  return isReached ? { service: own } : invalidParameter(UNREACHABLE[vendor]);
}

function isInvocable(turn: LogsTurn, doc: Omit<SubscriptionFilterDoc, 'service'>, service: string): boolean {
  const { account, region, destinationArn } = doc;
  const own = turn.within(scopeOf(account, region), serviceFor(doc, service)) as LogsTurn;
  const input = { FunctionName: destinationArn, InvocationType: 'DryRun' };
  return !isRefused(callOperation(own, { service: 'lambda', operation: 'Invoke', input }));
}

function takesControlMessage(
  turn: LogsTurn,
  doc: Omit<SubscriptionFilterDoc, 'service'> & { readonly roleArn: string },
  vendor: 'kinesis' | 'firehose',
): boolean {
  const { account, region, destinationArn, roleArn } = doc;
  const data = controlMessage(vendor, turn.nowMs);
  const own = turn.within(scopeOf(account, region), sessionOf(turn, roleArn)) as LogsTurn;
  const name = parseArn(destinationArn)?.resource.split('/')[1] ?? '';
  const input =
    vendor === 'kinesis'
      ? { StreamARN: destinationArn, PartitionKey: turn.uuid(), Data: data }
      : { DeliveryStreamName: name, Record: { Data: data } };
  return !isRefused(callOperation(own, { service: vendor, operation: 'PutRecord', input }));
}
