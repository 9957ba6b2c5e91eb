// The rule that AWS makes for an archive: its pattern, and "not replayed". It has no targets: what it matches goes into the archive (collect.ts).
// AWS: EventBridge user guide, "Archiving events": the managed rule adds `"replay-name": [{"exists": false}]`. Name and owner as AWS shows them,
// after public test suites.

import type { ManagedRule } from '../rules/managed-rule.ts';
import type { ArchiveDoc } from './documents.ts';

const MANAGED_BY = 'prod.vhs.events.aws.internal';

export function managedRuleOf({ name, eventPattern }: Pick<ArchiveDoc, 'name' | 'eventPattern'>): ManagedRule {
  return { name: managedRuleName(name), managedBy: MANAGED_BY, eventPattern: unreplayed(eventPattern) };
}

export function managedRuleName(archive: string): string {
  return `Events-Archive-${archive}`;
}

/** `pattern` is a valid event pattern, an object; its text stays: numbers keep their digits. Ours comes last, and so counts. */
function unreplayed(pattern: string | undefined): string {
  const own = '"replay-name":[{"exists":false}]';
  const members = pattern?.trim().slice(1, -1).trim() ?? '';
  return members === '' ? `{${own}}` : `{${members},${own}}`;
}
