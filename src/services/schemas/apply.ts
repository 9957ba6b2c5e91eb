// What changed documents do to memory: discoverers are found by their bus, what was remembered of something that is gone is forgotten, code bindings in
// progress have their timer.

import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import { BINDING_TIMER } from './bindings/build.ts';
import { DISCOVER_TIMER } from './discovery/discover.ts';
import { wakeKeyOf } from './discovery/observe.ts';
import type { BindingDoc, DiscovererDoc, SchemaDoc, VersionDoc } from './documents.ts';
import { EventHeldBack } from './facts.ts';
import type { SchemasState } from './state.ts';

/** Told to people; memory does not change. */
export const factBindings: readonly FactBinding<SchemasState>[] = [on(EventHeldBack, () => {})];

interface Change<Doc> {
  readonly key: string;
  readonly before: Doc | undefined;
  readonly after: Doc | undefined;
}

export function tableBindings(state: SchemasState): readonly TableBinding[] {
  return [
    bind(state.registries),
    bind<SchemaDoc>(state.schemas, (_key, before, after) => {
      // Something that was discovered is gone: what brought it counts as news again.
      if (before !== undefined && (after === undefined || after.versionCount < before.versionCount))
        forgetSightings(state);
    }),
    bind<VersionDoc>(state.versions, (key, _before, after) => {
      if (after === undefined) state.remembered.compiled.delete(key);
    }),
    bind<BindingDoc>(state.bindings, (key, _before, after, { timers }) => {
      if (after?.status === 'CREATE_IN_PROGRESS') timers.set(BINDING_TIMER, key, after.createdAtMs);
      else timers.clear(BINDING_TIMER, key);
    }),
    bind<DiscovererDoc>(state.discoverers, (key, before, after, context) =>
      discovererChanged(state, { key, before, after }, context),
    ),
  ];
}

function discovererChanged(
  state: SchemasState,
  { key, before, after }: Change<DiscovererDoc>,
  context: ApplyContext,
): void {
  if (before !== undefined) {
    state.observed.delete(before.sourceArn);
    context.unwatch(wakeKeyOf(key), DISCOVER_TIMER, key);
  }
  // Also when it is changed: events of other accounts may count now that did not before.
  state.remembered.sightings.delete(key);
  if (after?.state !== 'STARTED') return;
  state.observed.set(after.sourceArn, key);
  context.watch(wakeKeyOf(key), DISCOVER_TIMER, key);
}

function forgetSightings({ remembered }: SchemasState): void {
  for (const { known } of remembered.sightings.values()) known.clear();
}
