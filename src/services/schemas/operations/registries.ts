// CreateRegistry, DescribeRegistry, UpdateRegistry, DeleteRegistry, ListRegistries.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  CreateRegistryInput,
  CreateRegistryOutput,
  DeleteRegistryInput,
  DescribeRegistryInput,
  DescribeRegistryOutput,
  ListRegistriesInput,
  ListRegistriesOutput,
  UpdateRegistryInput,
  UpdateRegistryOutput,
} from '#wire/generated/schemas.ts';
import { onAccount, onRegistry } from '../access.ts';
import { problemOf } from '../checks.ts';
import type { RegistryDoc } from '../documents.ts';
import { badRequest, managedRegistry, registryExists, registryNotEmpty, tooMany } from '../errors.ts';
import { findRegistry, lookUpRegistry, schemasOf } from '../find.ts';
import { REGISTRIES_MAX } from '../limits.ts';
import { AWS_REGISTRY, isManagedRegistry, registryKey } from '../names.ts';
import { pageOf } from '../pages.ts';
import { registryOperation } from '../registry-operation.ts';
import type { SchemasState } from '../state.ts';
import { registrySummary, registryView } from '../views.ts';

export const createRegistry = operation<SchemasState, CreateRegistryInput, CreateRegistryOutput>({
  authorize: onRegistry('CreateRegistry'),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const { RegistryName: name = '', Description: description, Tags: tags = {} } = input;
    if (isManagedRegistry(name)) return refuse(managedRegistry(name));
    const { registries } = turn.state;
    const key = registryKey(turn.scope, name);
    if (registries.has(key)) return refuse(registryExists(name));
    const count = registries.list(scopePrefix(turn.scope)).length;
    if (turn.limits.mode === 'aws' && count >= REGISTRIES_MAX) return refuse(tooMany('registries', REGISTRIES_MAX));
    const doc: RegistryDoc = { name, description, tags: { ...tags } };
    turn.put(registries, key, doc);
    return { output: registryView(turn, doc) };
  },
});

export const describeRegistry = registryOperation<DescribeRegistryInput, DescribeRegistryOutput>({
  authorize: onRegistry('DescribeRegistry'),
  decide(turn, input) {
    const found = findRegistry(turn, input.RegistryName);
    return isRefused(found) ? found : { output: registryView(turn, found) };
  },
});

export const updateRegistry = registryOperation<UpdateRegistryInput, UpdateRegistryOutput>({
  authorize: onRegistry('UpdateRegistry'),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const found = findRegistry(turn, input.RegistryName);
    if (isRefused(found)) return found;
    if (isManagedRegistry(found.name)) return refuse(managedRegistry(found.name));
    const doc = input.Description === undefined ? found : { ...found, description: input.Description };
    turn.put(turn.state.registries, registryKey(turn.scope, found.name), doc);
    return { output: registryView(turn, doc) };
  },
});

export const deleteRegistry = registryOperation<DeleteRegistryInput, object>({
  authorize: onRegistry('DeleteRegistry'),
  decide(turn, input) {
    const found = findRegistry(turn, input.RegistryName);
    if (isRefused(found)) return found;
    const { name } = found;
    if (isManagedRegistry(name)) return refuse(managedRegistry(name));
    if (schemasOf(turn, name).length > 0) return refuse(registryNotEmpty(name));
    turn.drop(turn.state.registries, registryKey(turn.scope, name));
    return { output: {} };
  },
});

export const listRegistries = operation<SchemasState, ListRegistriesInput, ListRegistriesOutput>({
  authorize: onAccount('ListRegistries'),
  decide(turn, input) {
    const scope = input.Scope?.toUpperCase();
    const problem = new Validation().oneOf('scope', scope, ['LOCAL', 'AWS']).text;
    if (problem !== undefined) return refuse(badRequest(problem));
    const prefix = input.RegistryNamePrefix ?? '';
    const own = scope === 'AWS' ? [] : turn.state.registries.list(scopePrefix(turn.scope));
    const aws = scope === 'LOCAL' ? [] : [lookUpRegistry(turn, AWS_REGISTRY) as RegistryDoc];
    const items = [...own, ...aws]
      .filter(({ name }) => name.startsWith(prefix))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const list = JSON.stringify(['registries', prefix, scope]);
    const page = pageOf(turn, input, { list, items, keyOf: ({ name }) => name });
    if (isRefused(page)) return page;
    const Registries = page.items.map((doc) => registrySummary(turn, doc));
    return { output: { Registries, NextToken: page.NextToken } };
  },
});
