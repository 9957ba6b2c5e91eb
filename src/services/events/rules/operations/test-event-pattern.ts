import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { TestEventPatternInput, TestEventPatternOutput } from '#wire/generated/events.ts';
import { onAccount } from '../../access.ts';
import { invalidEventPattern, validation } from '../../errors.ts';
import { PATTERN_LENGTH_MAX } from '../../limits.ts';
import type { EventsState } from '../../state.ts';
import { compiledPattern } from '../pattern.ts';

/** AWS: API reference, TestEventPattern; that `resources` may be missing is recorded in LocalStack's tests. */
const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

export const testEventPattern = operation<EventsState, TestEventPatternInput, TestEventPatternOutput>({
  authorize: onAccount('TestEventPattern'),
  decide(turn, { EventPattern, Event: event }): Reply<TestEventPatternOutput> {
    const broken = new Validation()
      .required('eventPattern', EventPattern)
      .length('eventPattern', EventPattern, { max: PATTERN_LENGTH_MAX })
      .required('event', event).text;
    if (broken !== undefined) return refuse(validation(broken));
    const compiled = compiledPattern(turn.state.rules, EventPattern ?? '');
    if ('problem' in compiled) return refuse(invalidEventPattern(compiled.problem));
    const json = parsed(event ?? '');
    if (json === undefined) return refuse(validation('Parameter Event is not valid.'));
    return { output: { Result: compiled.pattern.matches(json) } };
  },
});

function parsed(event: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(event);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return MANDATORY.every((name) => Object.hasOwn(json, name)) ? json : undefined;
}
