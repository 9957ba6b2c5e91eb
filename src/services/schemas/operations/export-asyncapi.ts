// The runtime's own command behind `eddy asyncapi`: a bus with everything that is known of its events.

import type { BusDescription } from '#cell/schemas-door.ts';
import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { onAccount } from '../access.ts';
import { asyncApiOf, type DescribedEvent } from '../asyncapi/export-bus.ts';
import { type JsonObject, parseContent } from '../content.ts';
import type { SchemaDoc } from '../documents.ts';
import { badRequest, notFound } from '../errors.ts';
import { findRegistry, lookUpVersion, schemasOf } from '../find.ts';
import { DISCOVERED_REGISTRY } from '../names.ts';
import type { SchemasState, SchemasTurn } from '../state.ts';

export interface AsyncApiInput {
  readonly BusArn: string;
  /** Also the schemas of this registry: contracts count before what was discovered. */
  readonly RegistryName?: string | undefined;
}

export const exportAsyncApi = operation<SchemasState, AsyncApiInput, { readonly document: JsonObject }>({
  authorize: onAccount('ListSchemas'),
  decide(turn, { BusArn, RegistryName }) {
    const { buses } = turn.doors;
    if (buses === undefined) return refuse(badRequest('There are no event buses here.'));
    const bus: BusDescription | undefined = buses.find(turn, BusArn);
    if (bus === undefined) return refuse(notFound(`Event bus ${BusArn} does not exist.`));
    const contracts = RegistryName === undefined ? [] : schemasIn(turn, RegistryName);
    if (isRefused(contracts)) return contracts;
    const discovered = schemasOf(turn, DISCOVERED_REGISTRY).filter(
      (schema) => schema.discovered?.buses.includes(BusArn) === true,
    );
    const seen = new Set<string>();
    const events = [...contracts, ...discovered].flatMap((schema) => {
      const event = describe(turn, schema);
      const kind = JSON.stringify(event?.kind);
      if (event === undefined || seen.has(kind)) return [];
      seen.add(kind);
      return [event];
    });
    return { output: { document: asyncApiOf(bus, events) } };
  },
});

function schemasIn(turn: SchemasTurn, registry: string): readonly SchemaDoc[] | Refused {
  const found = findRegistry(turn, registry);
  return isRefused(found) ? found : schemasOf(turn, registry);
}

/** Undefined for a schema that does not say of which event it is. */
function describe(turn: SchemasTurn, schema: SchemaDoc): DescribedEvent | undefined {
  const version = lookUpVersion(turn, schema, schema.latestVersion);
  const parsed = version === undefined ? undefined : parseContent(version.content, version.type);
  if (version === undefined || parsed === undefined || 'problem' in parsed || schema.event === undefined)
    return undefined;
  return {
    kind: schema.event,
    schema: `${schema.registryName}/${schema.name}`,
    version: String(version.version),
    content: parsed.content,
  };
}
