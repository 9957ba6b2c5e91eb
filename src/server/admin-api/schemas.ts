// `/_eddy/schema-diff` and `/_eddy/asyncapi`: what the schema registry can tell beyond AWS's API. Decided in the cell, like any operation.

import { randomUUID } from 'node:crypto';
import type { Cell } from '#cell/cell.ts';
import { rootOf } from '#model/principal.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, scopeOf } from '#model/scope.ts';
import type { CompareOutput } from '#services/schemas/operations/compare-versions.ts';
import { COMPARE_VERSIONS, EXPORT_ASYNCAPI } from '#services/schemas/service.ts';
import type { SchemaDiffAnswer } from './contract.ts';
import { AdminRefusal, type AdminRequest, type AdminRoute } from './router.ts';

interface SchemasContext {
  readonly cell: Cell;
}

/** `?registry=…&schema=…&from=…&to=…`, of an account and region. */
export function schemaDiffRoute({ cell }: SchemasContext): AdminRoute {
  return {
    methods: ['GET'],
    async handle(came) {
      const input = {
        RegistryName: wanted(came, 'registry'),
        SchemaName: wanted(came, 'schema'),
        From: wanted(came, 'from'),
        To: came.query.get('to') ?? undefined,
      };
      const body = await ask<CompareOutput>(cell, came, { operation: COMPARE_VERSIONS, input });
      return { body: body satisfies SchemaDiffAnswer };
    },
  };
}

/** `?bus=…` by name or ARN, `&registry=…` for contracts that count before what was discovered. */
export function asyncApiRoute({ cell }: SchemasContext): AdminRoute {
  return {
    methods: ['GET'],
    async handle(came) {
      const bus = wanted(came, 'bus');
      const { partition, account, region } = scopeOfRequest(came);
      const BusArn = bus.startsWith('arn:') ? bus : `arn:${partition}:events:${region}:${account}:event-bus/${bus}`;
      const input = { BusArn, RegistryName: came.query.get('registry') ?? undefined };
      const { document } = await ask<{ document: object }>(cell, came, { operation: EXPORT_ASYNCAPI, input });
      return { body: document };
    },
  };
}

function wanted({ query }: AdminRequest, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw new AdminRefusal(400, `${name} is missing.`);
  return value;
}

/** A bus given by its ARN says itself whose it is. */
function scopeOfRequest({ query }: AdminRequest) {
  const arn = /^arn:[^:]*:events:([^:]+):(\d{12}):/.exec(query.get('bus') ?? '');
  const region = arn?.[1] ?? query.get('region') ?? DEFAULT_REGION;
  return scopeOf(arn?.[2] ?? query.get('account') ?? DEFAULT_ACCOUNT, region);
}

function ask<O>(cell: Cell, came: AdminRequest, asked: { operation: string; input: object }): Promise<O> {
  const scope = scopeOfRequest(came);
  const request = {
    requestId: randomUUID(),
    baseUrl: came.baseUrl,
    sourceIp: came.exchange.remoteAddress,
    userAgent: (came.headers['user-agent'] ?? '').slice(0, 256),
    isSecure: came.baseUrl.startsWith('https:'),
  };
  return new Promise((resolve, reject) => {
    cell.submit({
      ...{ service: 'schemas', ...asked, scope, request, principal: rootOf(scope.account, scope.partition) },
      onReply(reply) {
        if ('refused' in reply) reject(new AdminRefusal(reply.refused.status, reply.refused.message));
        else resolve(reply.output as O);
      },
    });
  });
}
