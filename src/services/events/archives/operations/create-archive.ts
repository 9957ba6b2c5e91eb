// CreateArchive, and what it shares with UpdateArchive: which settings an archive may have.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { CreateArchiveInput, CreateArchiveOutput } from '#wire/generated/events.ts';
import type { BusDoc } from '../../buses/documents.ts';
import { busDoesNotExist, busReference, lookUpBus, settledBus } from '../../buses/find-bus.ts';
import { invalidEventPattern, notAvailable, validation } from '../../errors.ts';
import { ruleKey } from '../../rules/find-rule.ts';
import { putManagedRule } from '../../rules/managed-rule.ts';
import { compiledPattern } from '../../rules/pattern.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { archiveConstraints, arnConstraints } from '../constraints.ts';
import { archiveExists, notABusArn, ruleNameTaken } from '../errors.ts';
import { archiveArn, nameKey, permission } from '../find.ts';
import { managedRuleName, managedRuleOf } from '../managed-rule.ts';
import { ARCHIVE_STATE } from '../views.ts';

export const createArchive = operation<EventsState, CreateArchiveInput, CreateArchiveOutput>({
  authorize: (turn, { ArchiveName, EventSourceArn }) => [
    permission(turn, 'CreateArchive', archiveArn(turn.scope, ArchiveName ?? '')),
    permission(turn, 'CreateArchive', EventSourceArn ?? '*'),
  ],
  decide(turn, input) {
    const checked = archiveConstraints(input).required('eventSourceArn', input.EventSourceArn);
    const broken = arnConstraints('eventSourceArn', input.EventSourceArn, checked).text;
    if (broken !== undefined) return refuse(validation(broken));
    const problem = settingProblem(turn.state, input);
    if (problem !== undefined) return refuse(problem);
    const found = ownBus(turn, input.EventSourceArn ?? '');
    if (isRefused(found)) return found;
    const name = input.ArchiveName ?? '';
    const { archives } = turn.state;
    const key = nameKey(turn.scope, name);
    if (archives.archives.has(key)) return refuse(archiveExists(name));
    const rule = managedRuleName(name);
    if (turn.state.rules.rules.has(ruleKey(found, rule))) return refuse(ruleNameTaken(rule));
    const bus = settledBus(turn, found);
    const eventPattern = input.EventPattern;
    const arn = archiveArn(turn.scope, name);
    turn.put(archives.archives, key, {
      name,
      arn,
      number: archives.nextArchive,
      account: turn.scope.account,
      region: turn.scope.region,
      busArn: bus.arn,
      ruleNumber: putManagedRule(turn, bus, managedRuleOf({ name, eventPattern })),
      description: input.Description,
      eventPattern,
      retentionDays: input.RetentionDays ?? 0,
      createdAtMs: turn.nowMs,
    });
    return { output: { ArchiveArn: arn, State: ARCHIVE_STATE, CreationTime: turn.nowMs } };
  },
});

/** What CreateArchive and UpdateArchive refuse of an archive's settings. */
export function settingProblem(
  { rules }: EventsState,
  { KmsKeyIdentifier, EventPattern }: Pick<CreateArchiveInput, 'KmsKeyIdentifier' | 'EventPattern'>,
): AwsError | undefined {
  // Empty: AWS's own key, which is what there is.
  if (KmsKeyIdentifier !== undefined && KmsKeyIdentifier !== '')
    return notAvailable('KmsKeyIdentifier (customer managed keys)');
  if (EventPattern === undefined) return undefined;
  const compiled = compiledPattern(rules, EventPattern);
  return 'problem' in compiled ? invalidEventPattern(compiled.problem) : undefined;
}

/** Recorded: a bus of another account does not exist for this one. */
function ownBus(turn: EventsTurn, arn: string): BusDoc | Refused {
  const reference = busReference(turn.scope, arn);
  if (reference === undefined) return refuse(notABusArn('EventSourceArn'));
  const { scope, name } = reference;
  const isOwn = scope.account === turn.scope.account && scope.region === turn.scope.region;
  return (isOwn ? lookUpBus(turn.state, reference) : undefined) ?? refuse(busDoesNotExist(name));
}
