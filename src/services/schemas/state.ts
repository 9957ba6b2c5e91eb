// Registries, schemas with their versions, discoverers and code bindings: documents. What discovery has seen and what enforcement has compiled is
// only remembered: it is lost with the process and made again.

import type { Turn } from '#cell/turn.ts';
import type { CompiledSchema } from '#structures/json-schema/validate.ts';
import { Table } from '#structures/table.ts';
import type { BindingDoc, DiscovererDoc, RegistryDoc, SchemaDoc, VersionDoc } from './documents.ts';

export type SchemasTurn = Turn<SchemasState>;

export class SchemasState {
  readonly registries = new Table<RegistryDoc>({ name: 'schemas.registries' });
  readonly schemas = new Table<SchemaDoc>({
    name: 'schemas.schemas',
    indexes: {
      byEvent: ({ event, registryKey }) => (event === undefined ? undefined : eventIndex(registryKey, event)),
    },
  });
  /** Key: the schema's, and the version's number in ten digits. */
  readonly versions = new Table<VersionDoc>({ name: 'schemas.versions' });
  /** Key: the version's, and the language. */
  readonly bindings = new Table<BindingDoc>({ name: 'schemas.bindings' });
  readonly discoverers = new Table<DiscovererDoc>({ name: 'schemas.discoverers' });
  /** ARNs of buses with a started discoverer, and its key. */
  readonly observed = new Map<string, string>();
  readonly remembered = new Remembered();
}

/** Lost with the process, on purpose. */
export class Remembered {
  /** By the discoverer's key. */
  readonly sightings = new Map<string, Sightings>();
  /** By the version's key: ready for checking, or why it cannot be used. */
  readonly compiled = new Map<string, ReadySchema>();
}

export type ReadySchema =
  | { readonly schema: CompiledSchema; readonly describes: 'event' | 'detail' }
  | { readonly problem: string };

export interface Sightings {
  /** Fingerprints of events that discovery has nothing to learn from. */
  readonly known: Set<number>;
  /** Events that wait for discovery's own turn. */
  readonly waiting: { readonly fingerprint: number; readonly event: unknown }[];
}

/** Which events a schema describes, when its document says so. */
export interface EventKind {
  readonly source: string;
  readonly detailType: string;
}

export function eventIndex(registryKey: string, { source, detailType }: EventKind): string {
  return JSON.stringify([registryKey, source, detailType]);
}
