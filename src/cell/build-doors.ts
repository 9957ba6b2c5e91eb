// Hangs the services' doors in: each function of a door is wrapped so that it runs with a turn of its own service.

import { Defect } from '#base/assert.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { Authorizer } from './authorization.ts';
import type { AnswerTaker, Callable } from './callable.ts';
import type { DeliveriesDoor, DeliveryObserver } from './deliveries-door.ts';
import type { CredentialsDoor, Doors, EventsDoor, IdentitiesDoor, LogWriter } from './doors.ts';
import type { ServiceRuntime } from './fact-registry.ts';
import type { ObjectsDoor } from './objects-door.ts';
import { TurnView } from './pass.ts';
import type { PollSource } from './poll-source.ts';
import type { BusesDoor, SchemasDoor } from './schemas-door.ts';
import type { StreamReader, StreamSource } from './stream-source.ts';
import type { Target } from './target.ts';

export interface BuiltDoors {
  /** Without the kernel's own. */
  readonly doors: Omit<Doors, 'operations'>;
  readonly authorizer: Authorizer | undefined;
}

function missing(): never {
  throw new Defect('this cell has a deliveries service');
}

/** Stands in where no service implements deliveries: cells of unit tests. */
const noDeliveries: DeliveriesDoor = {
  deliver: () => missing(),
  ended: () => missing(),
  openCount: () => 0,
};

export function buildDoors(services: Iterable<ServiceRuntime>): BuiltDoors {
  const targets = new Map<string, Target>();
  const sources = new Map<string, PollSource>();
  const streams = new Map<string, StreamSource>();
  const streamReaders = new Map<string, StreamReader>();
  const callables = new Map<string, Callable>();
  const answers = new Map<string, AnswerTaker>();
  const observers = new Map<string, DeliveryObserver>();
  let deliveries: DeliveriesDoor = noDeliveries;
  let objects: ObjectsDoor | undefined;
  let events: EventsDoor | undefined;
  let buses: BusesDoor | undefined;
  let schemas: SchemasDoor | undefined;
  let logs: LogWriter | undefined;
  let credentials: CredentialsDoor | undefined;
  let identities: IdentitiesDoor | undefined;
  let authorizer: Authorizer | undefined;
  let signer: NotificationSigner | undefined;
  for (const service of services) {
    const { definition, state } = service;
    const own = definition.doors?.(state);
    if (own === undefined) continue;
    if (own.target !== undefined) targets.set(definition.name, inService(own.target, service));
    if (own.source !== undefined) sources.set(definition.name, inService(own.source, service));
    if (own.stream !== undefined) streams.set(definition.name, inService(own.stream, service));
    if (own.streamReader !== undefined) streamReaders.set(definition.name, inService(own.streamReader, service));
    if (own.objects !== undefined) objects = inService(own.objects, service);
    if (own.callable !== undefined) callables.set(definition.name, inService(own.callable, service));
    if (own.answers !== undefined) answers.set(definition.name, inService(own.answers, service));
    if (own.observer !== undefined) observers.set(definition.name, inService(own.observer, service));
    if (own.events !== undefined) events = inService(own.events, service);
    if (own.buses !== undefined) buses = inService(own.buses, service);
    if (own.schemas !== undefined) schemas = inService(own.schemas, service);
    if (own.deliveries !== undefined) deliveries = inService(own.deliveries, service);
    if (own.logs !== undefined) logs = inService(own.logs, service);
    if (own.credentials !== undefined) credentials = inService(own.credentials, service);
    if (own.signer !== undefined) signer = own.signer;
    if (own.identities !== undefined) identities = inService(own.identities, service);
    if (own.authorizer !== undefined) authorizer = inService(own.authorizer, service);
  }
  const doors = {
    ...{ targets, sources, streams, streamReaders, objects },
    ...{ callables, answers, observers, events, buses, schemas },
    ...{ deliveries, logs, credentials, identities },
  };
  return { doors: signer === undefined ? doors : { ...doors, signer }, authorizer };
}

type DoorFunction = (...given: readonly unknown[]) => unknown;

function inService<D extends object>(door: D, service: ServiceRuntime): D {
  const wrapped: Record<string, DoorFunction> = {};
  for (const [name, own] of Object.entries(door) as [string, DoorFunction][]) {
    wrapped[name] = (first, ...rest) =>
      first instanceof TurnView ? own.call(door, first.as(service), ...rest) : own.call(door, first, ...rest);
  }
  return wrapped as D;
}
