// How connections look in replies.

import type { Connection, DescribeConnectionOutput } from '#wire/generated/events.ts';
import type { ConnectionDoc } from './documents.ts';

/** What every reply about one has. */
export function connectionTimes(doc: ConnectionDoc) {
  return {
    ConnectionArn: doc.arn,
    CreationTime: doc.createdAtMs,
    LastModifiedTime: doc.modifiedAtMs,
    ...(doc.authorizedAtMs === undefined ? {} : { LastAuthorizedTime: doc.authorizedAtMs }),
  };
}

export function listedConnection(doc: ConnectionDoc): Connection {
  return {
    ...connectionTimes(doc),
    Name: doc.name,
    ConnectionState: doc.state,
    ...(doc.stateReason === undefined ? {} : { StateReason: doc.stateReason }),
    AuthorizationType: doc.authorizationType,
  };
}

export function describedConnection(doc: ConnectionDoc): DescribeConnectionOutput {
  return {
    ...listedConnection(doc),
    ...(doc.description === undefined ? {} : { Description: doc.description }),
    ...(doc.secretArn === undefined ? {} : { SecretArn: doc.secretArn }),
    ...(doc.shown === undefined ? {} : { AuthParameters: doc.shown }),
  };
}
