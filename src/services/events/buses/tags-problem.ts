import type { AwsError } from '#model/aws-error.ts';
import { validation } from '../errors.ts';
import type { EventsTurn } from '../state.ts';
import type { KeptTag } from '../tags.ts';

/** Some tags of a bus mean something to the schema registry: it is asked whether they are right. */
export function busTagsProblem(turn: EventsTurn, busArn: string, tags: readonly KeptTag[]): AwsError | undefined {
  const problem = turn.doors.schemas?.busTagsProblem(busArn, tags);
  return problem === undefined ? undefined : validation(problem);
}
