// What can be tagged by its ARN: log groups, and the sources, destinations and deliveries of vended logs.

import { type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { Table } from '#structures/table.ts';
import { resourceDoesNotExist, validationFailed } from './errors.ts';
import { groupNameOfArn, type LogsTurn } from './find-group.ts';
import { groupKey } from './state.ts';
import type { Tags } from './tags.ts';
import { scopedKey } from './vended/find.ts';

export interface Tagged {
  readonly tags: Tags;
  retag(tags: Tags): void;
}

const VENDED = /:(delivery-source|delivery-destination|delivery):([\w-]+)$/;

/** The kind and name in the ARN of a source, destination or delivery. */
export function vendedNameOf(resourceArn: string): { readonly kind: string; readonly name: string } | undefined {
  const [, kind, name] = VENDED.exec(resourceArn) ?? [];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

export function taggedByArn(turn: LogsTurn, resourceArn: string | undefined): Tagged | Refused {
  const problem = new Validation().required('resourceArn', resourceArn).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  const vended = vendedNameOf(resourceArn as string);
  if (vended !== undefined) return taggedVended(turn, vended.kind, scopedKey(turn.scope, vended.name));
  const group = groupNameOfArn(resourceArn as string);
  if (group === undefined) return refuse(resourceDoesNotExist());
  return tagged(turn, turn.state.groups, groupKey(turn.scope, group));
}

function taggedVended(turn: LogsTurn, kind: string, key: string): Tagged | Refused {
  const { deliveries, deliverySources, deliveryDestinations } = turn.state;
  if (kind === 'delivery') return tagged(turn, deliveries, key);
  return kind === 'delivery-source' ? tagged(turn, deliverySources, key) : tagged(turn, deliveryDestinations, key);
}

function tagged<Doc extends { readonly tags: Tags }>(turn: LogsTurn, table: Table<Doc>, key: string): Tagged | Refused {
  const doc = table.get(key);
  if (doc === undefined) return refuse(resourceDoesNotExist());
  return { tags: doc.tags, retag: (tags) => turn.put(table, key, { ...doc, tags }) };
}
