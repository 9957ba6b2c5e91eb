// Facts as sentences. Each room tells its own (`stories.ts`); documents of the control plane are told here, by table and key. What has no
// sentence yet is shown as it is, rather than left out.

import type { EncodedFact } from '#cell/entry.ts';
import type { FactKind } from '#cell/fact.ts';
import type { FactRegistry } from '#cell/fact-registry.ts';
import * as kernelFacts from '#cell/kernel-facts.ts';
import type { NotedVerdict } from '#cell/seen.ts';
import type { ReadFact } from './followed-entry.ts';

/** Sentences of one room, by the fact's name. A room's state gives names to what facts know by number. */
export type Stories = Readonly<Record<string, (fact: never, state: never) => string>>;

export interface ToldFact extends ReadFact {
  readonly story: string;
}

/** A verdict by its number becomes the verdict; one that got none is written out wherever it was given. */
export function spelledOut(read: ReadFact, verdictOf: (number: number) => NotedVerdict | undefined): ReadFact {
  const number = read.fact['verdict'];
  if (read.name === 'VerdictSeen' && number === 0) return { ...read, name: 'VerdictNoted' };
  if (read.name !== 'VerdictNoted') return read;
  const verdict = verdictOf(number as number);
  return verdict === undefined ? { ...read, name: 'VerdictSeen' } : { ...read, fact: { ...verdict } };
}

const KERNEL_KINDS = new Map<number, FactKind<unknown>>(
  Object.values(kernelFacts).map((kind) => [kind.id, kind as unknown as FactKind<unknown>]),
);

export class StoryTeller {
  constructor(
    private readonly registry: FactRegistry,
    private readonly stories: ReadonlyMap<string, Stories>,
  ) {}

  /** Undefined for a fact of a version that knows more. */
  read({ kindId, body }: EncodedFact): ReadFact | undefined {
    const kernel = KERNEL_KINDS.get(kindId);
    if (kernel !== undefined)
      return { service: 'eddy', name: kernel.name, fact: kernel.read(body) as ToldFact['fact'] };
    const registered = this.registry.facts.get(kindId);
    if (registered === undefined) return undefined;
    const { kind, service } = registered;
    return { service: service.definition.name, name: kind.name, fact: kind.read(body) as ToldFact['fact'] };
  }

  /** Undefined for facts that say nothing to a person. */
  tell(read: ReadFact): ToldFact | undefined {
    const { service, name, fact } = read;
    if (service === 'eddy') {
      const story = documentStory(name, fact);
      return story === undefined ? undefined : { ...read, service: serviceOfTable(fact), story };
    }
    const sentence = this.stories.get(service)?.[name];
    if (sentence === undefined) return { ...read, story: `${name} ${JSON.stringify(fact, shortened)}` };
    const state = this.registry.services.get(service)?.state as never;
    const story = sentence(fact as never, state);
    return story === '' ? undefined : { ...read, story };
  }
}

function documentStory(name: string, fact: ToldFact['fact']): string | undefined {
  const key = String(fact['key'] ?? '');
  switch (name) {
    case 'DocumentPut':
      return `${fact['table']} ${key} written`;
    case 'DocumentDropped':
      return `${fact['table']} ${key} removed`;
    case 'VerdictNoted': {
      const asked = `${fact['action']} on ${fact['resource']}`;
      if (fact['decision'] === 'allow') return `${asked}: ${fact['principal']} may, ${fact['reason']}`;
      return `AWS would have denied ${asked} to ${fact['principal']}: ${fact['reason']}`;
    }
    default:
      return undefined;
  }
}

function serviceOfTable(fact: ToldFact['fact']): string {
  const table = String(fact['table'] ?? 'iam');
  const dot = table.indexOf('.');
  return dot === -1 ? table : table.slice(0, dot);
}

function shortened(_name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'string' && value.length > 200 ? `${value.slice(0, 200)}…` : value;
}
