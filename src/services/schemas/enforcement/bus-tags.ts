// Enforcement is switched on by tags of the bus: they stand in Terraform's state and in `list-tags-for-resource`, and mean nothing to AWS. A tag in our
// name space that is not understood is refused where it is written: a misspelt one must not leave a bus unguarded.

import type { BusTag } from '#cell/schemas-door.ts';
import { parseArn } from '#model/arn.ts';

export interface Enforcement {
  readonly registry: string;
  /** Where violations go; they are refused without it. */
  readonly deadLetterArn: string | undefined;
  /** Whether an event that no schema describes is a violation, too. */
  readonly forbidsUnknown: boolean;
}

export const ENFORCEMENT = 'eddy:schema-enforcement';
const NAME_SPACE = 'eddy:schema-';
const REGISTRY = 'eddy:schema-registry';
const DEAD_LETTER = 'eddy:schema-dead-letter-arn';
const UNKNOWN = 'eddy:schema-unknown-events';
const KNOWN: ReadonlySet<string> = new Set([ENFORCEMENT, REGISTRY, DEAD_LETTER, UNKNOWN]);

const parsed = new WeakMap<readonly BusTag[], Enforcement | null>();

/** Undefined where nothing is enforced. Read once for each list of tags. */
export function enforcementOf(tags: readonly BusTag[]): Enforcement | undefined {
  if (tags.length === 0) return undefined;
  let found = parsed.get(tags);
  if (found === undefined) {
    found = read(tags) ?? null;
    parsed.set(tags, found);
  }
  return found ?? undefined;
}

function read(tags: readonly BusTag[]): Enforcement | undefined {
  const values = valuesOf(tags);
  const mode = values.get(ENFORCEMENT);
  if (mode !== 'refuse' && mode !== 'dead-letter') return undefined;
  return {
    registry: values.get(REGISTRY) ?? '',
    deadLetterArn: mode === 'dead-letter' ? values.get(DEAD_LETTER) : undefined,
    forbidsUnknown: values.get(UNKNOWN) === 'violate',
  };
}

/** Why a bus may not have these tags, in a sentence. */
export function busTagsProblem(busArn: string, tags: readonly BusTag[]): string | undefined {
  const values = valuesOf(tags);
  const strange = [...values.keys()].find((key) => key.startsWith(NAME_SPACE) && !KNOWN.has(key));
  if (strange !== undefined) return `The tag ${strange} is unknown: there are ${[...KNOWN].join(', ')}.`;
  const mode = values.get(ENFORCEMENT);
  if (mode === undefined) {
    const useless = [REGISTRY, DEAD_LETTER, UNKNOWN].find((key) => values.has(key));
    return useless === undefined ? undefined : `The tag ${useless} has no effect without ${ENFORCEMENT}.`;
  }
  if (mode !== 'refuse' && mode !== 'dead-letter')
    return `The tag ${ENFORCEMENT} is refuse or dead-letter, not ${mode}.`;
  if ((values.get(REGISTRY) ?? '') === '')
    return `The tag ${ENFORCEMENT} needs ${REGISTRY}: the name of a schema registry.`;
  const unknown = values.get(UNKNOWN) ?? 'accept';
  if (unknown !== 'accept' && unknown !== 'violate') return `The tag ${UNKNOWN} is accept or violate, not ${unknown}.`;
  return deadLetterProblem(busArn, mode, values.get(DEAD_LETTER));
}

function deadLetterProblem(busArn: string, mode: string, arn: string | undefined): string | undefined {
  if (mode === 'refuse') {
    return arn === undefined ? undefined : `The tag ${DEAD_LETTER} has no effect while ${ENFORCEMENT} is refuse.`;
  }
  if (arn === undefined) return `The tag ${ENFORCEMENT} needs ${DEAD_LETTER} to be dead-letter.`;
  const queue = parseArn(arn);
  const isQueue = queue?.service === 'sqs' && queue.region === parseArn(busArn)?.region;
  if (!isQueue || queue.resource.endsWith('.fifo')) {
    return `The tag ${DEAD_LETTER} is the ARN of a standard queue in the bus's region, not ${arn}.`;
  }
  return undefined;
}

function valuesOf(tags: readonly BusTag[]): ReadonlyMap<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}
