// The registry that discovery writes to comes with the first discoverer. AWS: user guide, "Schema registries".

import { DISCOVERED_REGISTRY, registryKey } from '../names.ts';
import type { SchemasTurn } from '../state.ts';

export function ensureDiscoveredRegistry(turn: SchemasTurn): void {
  const key = registryKey(turn.scope, DISCOVERED_REGISTRY);
  if (turn.state.registries.has(key)) return;
  turn.put(turn.state.registries, key, { name: DISCOVERED_REGISTRY, description: DESCRIPTION, tags: {} });
}

const DESCRIPTION = 'Contains the schemas of events that were discovered on event buses';
