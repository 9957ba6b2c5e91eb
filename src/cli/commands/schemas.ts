// `eddy schema diff` and `eddy asyncapi`: what the schema registry can tell beyond AWS's API.

import type { SchemaDiffAnswer } from '#server/admin-api/contract.ts';
import { CommandProblem, EXIT } from '../exit-codes.ts';
import type { ServerClient } from '../server-client.ts';

export interface SchemaPlace {
  readonly region: string;
  readonly account: string;
}

export interface DiffRequest {
  /** `registry/schema`. */
  readonly schema: string;
  readonly from: string;
  /** The newest without it. */
  readonly to: string | undefined;
}

/** The text, and whether consumers keep working: for the command's exit code. */
export async function schemaDiff(
  client: ServerClient,
  { schema, from, to }: DiffRequest,
  { region, account, isJson }: SchemaPlace & { readonly isJson: boolean },
): Promise<{ readonly text: string; readonly isSafe: boolean }> {
  const [registry, name, more] = schema.split('/');
  if (registry === undefined || name === undefined || more !== undefined || name === '') {
    throw new CommandProblem(
      EXIT.usage,
      'Name a schema as registry/schema: eddy schema diff contracts/com.shop@OrderPlaced 1 2',
    );
  }
  const query = new URLSearchParams({ registry, schema: name, from, region, account });
  if (to !== undefined) query.set('to', to);
  const answer = await client.get<SchemaDiffAnswer>(`/_eddy/schema-diff?${query}`);
  return { text: isJson ? JSON.stringify(answer) : diffText(answer), isSafe: !answer.breaksConsumers };
}

function diffText({ registry, schema, from, to, changes, breaksConsumers, breaksProducers }: SchemaDiffAnswer): string {
  const head = `${registry}/${schema}, version ${from} to ${to}`;
  if (changes.length === 0) return `${head}: nothing changed that an event could show.`;
  const lines = changes.map((change) => {
    const who = [change.breaksConsumers ? 'consumers' : '', change.breaksProducers ? 'producers' : ''].filter(Boolean);
    const mark = who.length === 0 ? 'fine' : `breaks ${who.join(' and ')}`;
    return `  ${mark.padEnd(31)} ${change.path === '' ? 'the event' : change.path} ${change.sentence}`;
  });
  const end = breaksConsumers
    ? 'Consumers of the older version break.'
    : breaksProducers
      ? 'Consumers keep working; producers that send the older version break.'
      : 'Consumers and producers keep working.';
  return [head, ...lines, end].join('\n');
}

/** The AsyncAPI document of a bus. */
export async function asyncApi(
  client: ServerClient,
  bus: string,
  {
    region,
    account,
    registry,
    isJson,
  }: SchemaPlace & { readonly registry?: string | undefined; readonly isJson: boolean },
): Promise<string> {
  const query = new URLSearchParams({ bus, region, account });
  if (registry !== undefined) query.set('registry', registry);
  const document = await client.get<object>(`/_eddy/asyncapi?${query}`);
  return isJson ? JSON.stringify(document) : JSON.stringify(document, undefined, 2);
}
