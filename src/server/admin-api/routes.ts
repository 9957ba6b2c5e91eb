// What answers at which path of the admin API.

import { WEBHOOKS_PATH, webhooksRoute } from '../webhooks/receive.ts';
import { clockRoute } from './clock.ts';
import type { AdminContext } from './context.ts';
import { eventMetricsRoute } from './event-metrics.ts';
import { metricsText } from './metrics.ts';
import { peekAliasRoute, peekRoute } from './peek.ts';
import { AdminRefusal, type AdminRoute } from './router.ts';
import { emitRoute, samplesRoute } from './samples.ts';
import { asyncApiRoute, schemaDiffRoute } from './schemas.ts';
import { healthOf, statusOf } from './status.ts';
import { tailRoute } from './tail.ts';

const PROBE = ['GET', 'HEAD'];

export function adminRoutes(context: AdminContext): ReadonlyMap<string, AdminRoute> {
  const health: AdminRoute = { methods: PROBE, isOpen: true, handle: () => ({ body: healthOf(context) }) };
  return new Map<string, AdminRoute>([
    ['/_eddy/live', { methods: PROBE, isOpen: true, handle: () => ({ body: { live: true } }) }],
    ['/_eddy/ready', readyRoute(context)],
    ['/_localstack/health', health],
    ['/_eddy/health', health],
    ['/_eddy/status', { methods: ['GET'], handle: () => ({ body: statusOf(context) }) }],
    ['/_eddy/capabilities', { methods: ['GET'], isOpen: true, handle: () => ({ body: context.capabilities() }) }],
    ['/_eddy/metrics', { methods: ['GET'], handle: () => ({ contentType: METRICS_TYPE, body: metricsText(context) }) }],
    ['/_eddy/clock', clockRoute(context)],
    ['/_eddy/explain', explainRoute(context)],
    ['/_eddy/tail', tailRoute(context)],
    ['/_eddy/peek', peekRoute(context)],
    ['/_eddy/schema-diff', schemaDiffRoute(context)],
    ['/_eddy/asyncapi', asyncApiRoute(context)],
    ['/_eddy/events/samples', samplesRoute()],
    ['/_eddy/events/emit', emitRoute(context)],
    ['/_eddy/events/metrics', eventMetricsRoute(context)],
    [WEBHOOKS_PATH, webhooksRoute(context.cell, context.config.webhooks)],
    ['/_aws/sqs/messages', peekAliasRoute(context)],
  ]);
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function readyRoute({ phase }: AdminContext): AdminRoute {
  return {
    methods: PROBE,
    isOpen: true,
    handle: () => ({ status: phase() === 'ready' ? 200 : 503, body: { ready: phase() === 'ready', phase: phase() } }),
  };
}

const EXPLAINED =
  'give the id that publish, send, put or receive showed, the sequence number of a record, or s3://bucket/key.';

function explainRoute({ explainer }: AdminContext): AdminRoute {
  return {
    methods: ['GET'],
    takesRest: true,
    async handle({ rest }) {
      const journey = await explainer.explain(rest);
      if (journey !== undefined) return { body: journey };
      const text = `Nothing is known of ${JSON.stringify(rest.slice(0, 100))}: ${EXPLAINED}`;
      throw new AdminRefusal(404, text);
    },
  };
}
