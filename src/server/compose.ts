// Hangs everything together around an open cell: signatures, guard, admin API, gateway.

import { timingSafeEqual } from 'node:crypto';
import { formatUuid, markVersion4 } from '#base/uuid.ts';
import type { Cell } from '#cell/cell.ts';
import type { PrepareIo, ServiceDefinition } from '#cell/service-definition.ts';
import type { RequestInfo } from '#cell/turn.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import { type ServerClock, systemTime } from '#runtime/clock.ts';
import { nodeDigest } from '#runtime/digest.ts';
import type { SystemEntropy } from '#runtime/entropy.ts';
import type { Exchange } from '#runtime/http/exchange.ts';
import { explainRules } from '#services/events/observing/explain-rules.ts';
import type { EventsState } from '#services/events/state.ts';
import { corsRulesOf } from '#services/s3/cors.ts';
import { needsCrc64 } from '#services/s3/part-checksums.ts';
import type { SqsState } from '#services/sqs/state.ts';
import type { WireRequest } from '#wire/http-message.ts';
import type { WireServices } from '#wire/services.ts';
import { SignatureVerifier } from '#wire/sigv4.ts';
import { capabilitiesOf } from './admin-api/capabilities.ts';
import { AdminRouter } from './admin-api/router.ts';
import { adminRoutes } from './admin-api/routes.ts';
import { Authentication } from './authentication.ts';
import type { Config, RootKey } from './config/config.ts';
import type { Diagnostics } from './diagnostics.ts';
import { Explainer } from './explain/explainer.ts';
import { StoryTeller } from './explain/story-teller.ts';
import { type Backend, Gateway, type Prepare } from './gateway.ts';
import { HostGuard } from './host-guard.ts';
import { keyDirectory } from './key-directory.ts';
import { Uploads } from './objects/uploads.ts';
import { RequestMeter } from './request-meter.ts';
import { STORIES } from './services.ts';
import { type StaticFile, serveStatic } from './static-files.ts';
import type { Tail } from './tail.ts';
import { TimeMachine } from './time-machine.ts';

export interface GatewayParts {
  readonly config: Config;
  readonly cell: Cell;
  readonly clock: ServerClock;
  readonly entropy: SystemEntropy;
  readonly diagnostics: Diagnostics;
  readonly tail: Tail;
  readonly rootKey: RootKey | undefined;
  readonly url: string;
  readonly services: readonly ServiceDefinition[];
  readonly wire: WireServices;
  readonly signer: NotificationSigner | undefined;
  readonly whyNotRunnable: (runtime: string) => Promise<string | undefined>;
  readonly staticFiles: () => readonly StaticFile[];
  readonly phase: () => 'starting' | 'ready' | 'draining';
}

export function buildGateway(parts: GatewayParts): (request: WireRequest, exchange: Exchange) => void {
  const { config, diagnostics, entropy, wire, staticFiles, cell } = parts;
  const { blobs } = cell.engine;
  const meter = new RequestMeter();
  const router = buildAdmin(parts, meter);
  const onDefect = (what: string, error: unknown): void => diagnostics.problem(what, error);
  const gateway = new Gateway({
    services: wire,
    backend: backendOf(parts),
    authentication: buildAuthentication(parts),
    guard: new HostGuard(config),
    meter,
    requestId: uuidSource(entropy),
    monotonicMs: () => performance.now(),
    admin: router.take,
    unsigned: (request, exchange) => serveStatic(staticFiles, request, exchange),
    trustsProxy: config.trustsProxy,
    blobs,
    corsRulesOf: (bucket) => corsRulesOf(cell.registry.services.get('s3')?.state, bucket),
    uploads: new Uploads({
      services: wire,
      blobs,
      uuid: uuidSource(entropy),
      admit: (command, answer) => cell.admit(command, answer),
      needsCrc64: (input) => needsCrc64(cell.registry.services.get('s3')?.state, input),
      onDefect,
    }),
    log: diagnostics.requestLog(),
    onDefect,
  });
  return gateway.handle;
}

function buildAdmin(parts: GatewayParts, meter: RequestMeter): AdminRouter {
  const { config, cell, clock, tail, diagnostics, rootKey } = parts;
  const teller = new StoryTeller(cell.registry, STORIES);
  const { callers, verdicts } = cell.memory;
  tail.attach({
    teller,
    callerName: (number) => callers.get(number)?.principal,
    verdictOf: (number) => verdicts.get(number),
  });
  const routes = adminRoutes({
    config,
    cell,
    clock,
    tail,
    meter,
    wire: parts.wire,
    signer: parts.signer,
    url: parts.url,
    phase: parts.phase,
    time: new TimeMachine({ clock, source: systemTime, whenIdle: () => cell.whenIdle() }),
    explainer: new Explainer({
      cell,
      teller,
      queueName: (number) => queueName(cell, number),
      rulesOf: (event) => explainRules(eventsState(cell), event),
    }),
    startedAtMs: Date.now(),
    capabilities: () => capabilitiesOf(parts.wire, parts.services),
  });
  return new AdminRouter({
    routes,
    rootKey: config.auth === 'strict' ? rootKey : undefined,
    isEqual: (one, other) => isEqualText(one, other),
    onDefect: (what, error) => diagnostics.problem(what, error),
  });
}

function buildAuthentication(parts: GatewayParts): Authentication {
  const { config, cell, clock, diagnostics } = parts;
  const noted = new Set<string>();
  return new Authentication({
    isStrict: config.auth === 'strict',
    iamMode: config.iam,
    keys: keyDirectory(parts),
    verifier: new SignatureVerifier(nodeDigest),
    wallMs: () => Date.now(),
    cellMs: () => Math.max(clock.nowMs(), cell.nowMs),
    onMismatch(accessKeyId, error) {
      // Once a key: a client that signs wrongly does so with every request.
      if (noted.has(accessKeyId) || noted.size > 1_000) return;
      noted.add(accessKeyId);
      diagnostics.problem(
        `with strict authentication a request of ${accessKeyId} would have been refused: ${error.code}`,
      );
    },
  });
}

/** The cell with what operations read before they decide. */
function backendOf({ cell, whyNotRunnable }: GatewayParts): Backend {
  const io: PrepareIo = {
    blobs: cell.engine.blobs,
    whyNotRunnable,
    sha256Base64: (bytes) => Buffer.from(nodeDigest.sha256(bytes)).toString('base64'),
  };
  const found = new Map<string, { readonly prepare: Prepare | undefined }>();
  for (const { definition } of cell.registry.services.values()) {
    for (const [name, operation] of Object.entries(definition.operations)) {
      const own = operation.prepare as
        | ((input: unknown, io: PrepareIo, info: RequestInfo) => Promise<unknown>)
        | undefined;
      const prepare: Prepare | undefined =
        own === undefined
          ? undefined
          : (input, info, caller) => own(input, { ...io, ask: askAs(cell, { ...caller, request: info }) }, info);
      found.set(`${definition.name}.${name}`, { prepare });
    }
  }
  return {
    find: (service, operation) => found.get(`${service}.${operation}`),
    submit: (command) => cell.submit(command),
  };
}

/** Operations that another one needs first, called by the same caller. */
function askAs(
  cell: Cell,
  as: { readonly scope: Scope; readonly principal: Principal; readonly request: RequestInfo },
): NonNullable<PrepareIo['ask']> {
  const { scope, principal, request } = as;
  return (service, operation, input) =>
    new Promise((resolve) => {
      cell.submit({ service, operation, input, scope, principal, request, onReply: resolve });
    });
}

function uuidSource(entropy: SystemEntropy): () => string {
  const bytes = new Uint8Array(16);
  return () => {
    entropy.fill(bytes);
    markVersion4(bytes);
    return formatUuid(bytes);
  };
}

function isEqualText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function eventsState(cell: Cell): EventsState {
  return cell.registry.services.get('events')?.state as EventsState;
}

function queueName(cell: Cell, number: number): string {
  const state = cell.registry.services.get('sqs')?.state as SqsState | undefined;
  return state?.queueByNumber(number)?.name ?? `queue ${number}, which was deleted since`;
}
