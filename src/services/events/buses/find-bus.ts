// From names and ARNs to buses. A name means a bus of the caller's account and region, an ARN the bus it names.

import { formatArn, parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { notFound } from '../errors.ts';
import type { EventsState, EventsTurn } from '../state.ts';
import type { BusDoc } from './documents.ts';

export const DEFAULT_BUS = 'default';
const RESOURCE = 'event-bus/';

export interface BusReference {
  readonly scope: Scope;
  readonly name: string;
}

/** What a name or an ARN means; undefined for an ARN that is none of a bus. */
export function busReference(scope: Scope, nameOrArn: string | undefined): BusReference | undefined {
  if (nameOrArn === undefined) return { scope, name: DEFAULT_BUS };
  return nameOrArn.startsWith('arn:') ? referenceOfArn(nameOrArn) : { scope, name: nameOrArn };
}

function referenceOfArn(text: string): BusReference | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'events' || !arn.resource.startsWith(RESOURCE)) return undefined;
  return { scope: scopeOf(arn.account, arn.region), name: arn.resource.slice(RESOURCE.length) };
}

export function busKey({ account, region }: Pick<Scope, 'account' | 'region'>, name: string): string {
  return `${account}/${region}/${name}`;
}

export function busArn(scope: Scope, name: string): string {
  return formatArn('events', scope, `${RESOURCE}${name}`);
}

/** The bus, or undefined; a default bus is always there. */
export function lookUpBus(state: EventsState, { scope, name }: BusReference): BusDoc | undefined {
  return state.buses.buses.get(busKey(scope, name)) ?? (name === DEFAULT_BUS ? untouchedDefault(scope) : undefined);
}

export function busByArn(state: EventsState, arn: string): BusDoc | undefined {
  const reference = referenceOfArn(arn);
  return reference === undefined ? undefined : lookUpBus(state, reference);
}

/** The bus that a request speaks of, or AWS's refusal. */
export function findBus(turn: EventsTurn, nameOrArn: string | undefined): BusDoc | Refused {
  const reference = busReference(turn.scope, nameOrArn);
  const bus = reference === undefined ? undefined : lookUpBus(turn.state, reference);
  return bus ?? refuse(busDoesNotExist(reference?.name ?? nameOrArn ?? DEFAULT_BUS));
}

/** AWS: recorded replies of DescribeEventBus and PutPermission. */
export function busDoesNotExist(name: string): AwsError {
  return notFound(`Event bus ${name} does not exist.`);
}

function untouchedDefault(scope: Scope): BusDoc {
  return {
    name: DEFAULT_BUS,
    arn: busArn(scope, DEFAULT_BUS),
    number: 0,
    account: scope.account,
    region: scope.region,
    createdAtMs: 0,
    modifiedAtMs: 0,
    tags: [],
  };
}

/** The bus with a number of its own: a default bus gets its document when something first happens on it. */
export function settledBus(turn: EventsTurn, bus: BusDoc): BusDoc {
  if (bus.number !== 0) return bus;
  const key = busKey(bus, bus.name);
  const known = turn.state.buses.buses.get(key);
  if (known !== undefined) return known;
  const doc = { ...bus, number: turn.state.buses.nextNumber, createdAtMs: turn.nowMs, modifiedAtMs: turn.nowMs };
  turn.put(turn.state.buses.buses, key, doc);
  return doc;
}

/** Writes a changed bus. */
export function putBus(turn: EventsTurn, bus: BusDoc): void {
  const settled = { ...bus, number: settledBus(turn, bus).number, modifiedAtMs: turn.nowMs };
  turn.put(turn.state.buses.buses, busKey(bus, bus.name), settled);
}
