// CreateDiscoverer, DescribeDiscoverer, UpdateDiscoverer, StartDiscoverer, StopDiscoverer, DeleteDiscoverer, ListDiscoverers.

import { operation } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type {
  CreateDiscovererInput,
  CreateDiscovererOutput,
  DeleteDiscovererInput,
  DescribeDiscovererInput,
  DescribeDiscovererOutput,
  ListDiscoverersInput,
  ListDiscoverersOutput,
  StartDiscovererInput,
  StartDiscovererOutput,
  UpdateDiscovererInput,
  UpdateDiscovererOutput,
} from '#wire/generated/schemas.ts';
import { onAccount, onDiscoverer } from '../access.ts';
import { problemOf } from '../checks.ts';
import { ensureDiscoveredRegistry } from '../discovery/discovered-registry.ts';
import type { DiscovererDoc } from '../documents.ts';
import { badRequest, discovererExists, discovererNotFound, tooMany } from '../errors.ts';
import { DISCOVERERS_MAX, SOURCE_ARN_MAX, SOURCE_ARN_MIN } from '../limits.ts';
import { busNameOf, discovererId } from '../names.ts';
import { pageOf } from '../pages.ts';
import type { SchemasState, SchemasTurn } from '../state.ts';
import { discovererSummary, discovererView } from '../views.ts';

const keyOf = (turn: SchemasTurn, id: string): string => scopePrefix(turn.scope) + id;

function findDiscoverer(turn: SchemasTurn, id: string | undefined): DiscovererDoc | Refused {
  return turn.state.discoverers.get(keyOf(turn, id ?? '')) ?? refuse(discovererNotFound(id ?? ''));
}

export const createDiscoverer = operation<SchemasState, CreateDiscovererInput, CreateDiscovererOutput>({
  authorize: onAccount('CreateDiscoverer'),
  decide(turn, input) {
    const problem = problemOf(input, (validation) =>
      validation
        .required('sourceArn', input.SourceArn)
        .length('sourceArn', input.SourceArn, { min: SOURCE_ARN_MIN, max: SOURCE_ARN_MAX }),
    );
    if (problem !== undefined) return refuse(problem);
    const sourceArn = input.SourceArn as string;
    const refused = sourceProblem(turn, sourceArn);
    if (refused !== undefined) return refuse(refused);
    const id = discovererId(busNameOf(sourceArn) as string);
    const key = keyOf(turn, id);
    if (turn.state.discoverers.has(key)) return refuse(discovererExists(sourceArn));
    const count = turn.state.discoverers.list(scopePrefix(turn.scope)).length;
    if (turn.limits.mode === 'aws' && count >= DISCOVERERS_MAX) return refuse(tooMany('discoverers', DISCOVERERS_MAX));
    const { Description: description, CrossAccount: isCrossAccount = true, Tags: tags = {} } = input;
    const doc: DiscovererDoc = { id, sourceArn, description, state: 'STARTED', isCrossAccount, tags: { ...tags } };
    ensureDiscoveredRegistry(turn);
    turn.put(turn.state.discoverers, key, doc);
    return { output: discovererView(turn, doc) };
  },
});

function sourceProblem(turn: SchemasTurn, sourceArn: string): AwsError | undefined {
  const arn = parseArn(sourceArn);
  const { account, region } = turn.scope;
  if (busNameOf(sourceArn) === undefined || arn?.account !== account || arn.region !== region) {
    return badRequest(`${sourceArn} is not the ARN of an event bus of this account and region.`);
  }
  const { buses } = turn.doors;
  const isThere = buses === undefined || buses.find(turn, sourceArn) !== undefined;
  return isThere ? undefined : badRequest(`Event bus ${sourceArn} does not exist.`);
}

export const describeDiscoverer = operation<SchemasState, DescribeDiscovererInput, DescribeDiscovererOutput>({
  authorize: onDiscoverer('DescribeDiscoverer'),
  decide(turn, input) {
    const found = findDiscoverer(turn, input.DiscovererId);
    return isRefused(found) ? found : { output: discovererView(turn, found) };
  },
});

export const updateDiscoverer = operation<SchemasState, UpdateDiscovererInput, UpdateDiscovererOutput>({
  authorize: onDiscoverer('UpdateDiscoverer'),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const found = findDiscoverer(turn, input.DiscovererId);
    if (isRefused(found)) return found;
    const { Description: description = found.description, CrossAccount: isCrossAccount = found.isCrossAccount } = input;
    const doc = { ...found, description, isCrossAccount };
    turn.put(turn.state.discoverers, keyOf(turn, found.id), doc);
    return { output: discovererView(turn, doc) };
  },
});

export const startDiscoverer = operation<SchemasState, StartDiscovererInput, StartDiscovererOutput>({
  authorize: onDiscoverer('StartDiscoverer'),
  decide: (turn, input) => setState(turn, input, 'STARTED'),
});

export const stopDiscoverer = operation<SchemasState, StartDiscovererInput, StartDiscovererOutput>({
  authorize: onDiscoverer('StopDiscoverer'),
  decide: (turn, input) => setState(turn, input, 'STOPPED'),
});

function setState(turn: SchemasTurn, input: StartDiscovererInput, state: DiscovererDoc['state']) {
  const found = findDiscoverer(turn, input.DiscovererId);
  if (isRefused(found)) return found;
  if (found.state !== state) turn.put(turn.state.discoverers, keyOf(turn, found.id), { ...found, state });
  return { output: { DiscovererId: found.id, State: state } };
}

export const deleteDiscoverer = operation<SchemasState, DeleteDiscovererInput, object>({
  authorize: onDiscoverer('DeleteDiscoverer'),
  decide(turn, input) {
    const found = findDiscoverer(turn, input.DiscovererId);
    if (isRefused(found)) return found;
    turn.drop(turn.state.discoverers, keyOf(turn, found.id));
    return { output: {} };
  },
});

export const listDiscoverers = operation<SchemasState, ListDiscoverersInput, ListDiscoverersOutput>({
  authorize: onAccount('ListDiscoverers'),
  decide(turn, input) {
    const { DiscovererIdPrefix: idPrefix = '', SourceArnPrefix: arnPrefix = '' } = input;
    const items = turn.state.discoverers
      .list(scopePrefix(turn.scope))
      .filter(({ id, sourceArn }) => id.startsWith(idPrefix) && sourceArn.startsWith(arnPrefix));
    const list = JSON.stringify(['discoverers', idPrefix, arnPrefix]);
    const page = pageOf(turn, input, { list, items, keyOf: ({ id }) => id });
    if (isRefused(page)) return page;
    const Discoverers = page.items.map((doc) => discovererSummary(turn, doc));
    return { output: { Discoverers, NextToken: page.NextToken } };
  },
});
