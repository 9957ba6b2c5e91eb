// What is there, operation by operation: the API's list from the wire tables, against the services' own tables.

import type { ServiceDefinition } from '#cell/service-definition.ts';
import type { WireServices } from '#wire/services.ts';

export interface Capability {
  readonly service: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly protocols: readonly string[];
  readonly done: readonly string[];
  /** In AWS's API, refused here with an error that names it. */
  readonly refused: readonly string[];
}

export function capabilitiesOf(wire: WireServices, services: readonly ServiceDefinition[]): readonly Capability[] {
  return wire.all.map(({ prefix, schema }) => {
    const own = services.find((service) => service.name === prefix)?.operations ?? {};
    const isDone = (name: string): boolean => Object.hasOwn(own, name) && own[name]?.isRefusal !== true;
    const all = Object.keys(schema.operations).sort();
    return {
      service: prefix,
      name: schema.serviceId,
      apiVersion: schema.apiVersion,
      protocols: schema.protocols,
      done: all.filter(isDone),
      refused: all.filter((name) => !isDone(name)),
    };
  });
}
