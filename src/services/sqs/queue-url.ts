// Queue URLs. They are made from the address that the client used, so that they always lead back here, and read whatever host they have:
// only account, name and, where the URL says it, region count.
//
//   http://127.0.0.1:4566/000000000000/orders              what we give
//   http://127.0.0.1:4566/queue/eu-west-1/000000000000/orders
//   http://sqs.eu-west-1.amazonaws.com/000000000000/orders
//   http://eu-west-1.queue.localhost:4566/000000000000/orders
//
// A slash may follow the name: the samples of AWS's API reference have one (`/123456789012/MyQueue/`).

import type { Scope } from '#model/scope.ts';
import { partitionOf } from '#model/scope.ts';
import type { Queue } from './queue.ts';

export interface QueueAddress {
  readonly scope: Scope;
  readonly name: string;
}

export function formatQueueUrl(baseUrl: string, queue: Pick<Queue, 'account' | 'name'>): string {
  return `${baseUrl}/${queue.account}/${queue.name}`;
}

/** The last answer: a call asks twice, for its permission and for its decision, and clients send many to one queue. */
let last:
  | { readonly url: string; readonly account: string; readonly region: string; readonly address: QueueAddress }
  | undefined;

/** What the URL (or its path alone) names, or undefined when it is not a queue's. */
export function parseQueueUrl(url: string, scope: Scope): QueueAddress | undefined {
  const { account, region } = scope;
  if (last !== undefined && last.url === url && last.account === account && last.region === region) return last.address;
  const address = readQueueUrl(url, scope);
  if (address !== undefined) last = { url, account, region, address };
  return address;
}

function readQueueUrl(given: string, scope: Scope): QueueAddress | undefined {
  const url = given.endsWith('/') ? given.slice(0, -1) : given;
  const nameAt = url.lastIndexOf('/') + 1;
  const accountAt = url.lastIndexOf('/', nameAt - 2) + 1;
  if (nameAt === 0 || nameAt === url.length || nameAt - accountAt !== 13) return undefined;
  const account = url.slice(accountAt, nameAt - 1);
  const name = url.slice(nameAt);
  if (!/^\d{12}$/.test(account)) return undefined;
  const region = regionIn(url, accountAt) ?? scope.region;
  if (account === scope.account && region === scope.region) return { scope, name };
  return { scope: { account, region, partition: partitionOf(region) }, name };
}

const PATH_REGION = /\/queue\/([a-z0-9-]+)\/$/;
const HOST_REGION = /^[a-z]+:\/\/(?:sqs\.([a-z]+-[a-z0-9-]+)\.|([a-z]+-[a-z0-9-]+)\.queue\.)/;

function regionIn(url: string, accountAt: number): string | undefined {
  const before = url.slice(0, accountAt);
  // The usual form, http://host:port/, has nothing to look for.
  if (!before.includes('queue') && !before.includes('sqs.')) return undefined;
  const inPath = PATH_REGION.exec(before);
  if (inPath !== null) return inPath[1];
  const inHost = HOST_REGION.exec(before);
  return inHost?.[1] ?? inHost?.[2];
}
