// CreateApiDestination. The connection must be there; whether it is authorized shows in the destination's state.

import { operation } from '#cell/service-definition.ts';
import { formatArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import type { CreateApiDestinationInput, CreateApiDestinationOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { ownConnection } from '../connection-of.ts';
import { createConstraints, settingProblem } from '../constraints.ts';
import type { ApiDestinationDoc } from '../documents.ts';
import { connectionMissing, destinationExists, tooManyDestinations } from '../errors.ts';
import { destinationKey, destinationPermission, putDestination } from '../find-destination.ts';
import { DESTINATIONS_MAX, RATE_MAX } from '../limits.ts';
import { changedDestination } from '../views.ts';

export const createApiDestination = operation<EventsState, CreateApiDestinationInput, CreateApiDestinationOutput>({
  authorize: destinationPermission('CreateApiDestination'),
  decide(turn, input) {
    const broken = createConstraints(input);
    if (broken !== undefined) return refuse(validation(broken));
    const problem = settingProblem('create', input) ?? placeProblem(turn, input);
    if (problem !== undefined) return refuse(problem);
    const { Name: name = '', Description: description, ConnectionArn: connectionArn = '' } = input;
    const doc: ApiDestinationDoc = {
      name,
      arn: formatArn('events', turn.scope, `api-destination/${name}/${turn.uuid()}`),
      account: turn.scope.account,
      region: turn.scope.region,
      description,
      connectionArn,
      endpoint: input.InvocationEndpoint ?? '',
      method: input.HttpMethod ?? '',
      ratePerSecond: input.InvocationRateLimitPerSecond ?? RATE_MAX,
      createdAtMs: turn.nowMs,
      modifiedAtMs: turn.nowMs,
    };
    putDestination(turn, doc);
    return { output: changedDestination(turn.state, doc) };
  },
});

function placeProblem(turn: EventsTurn, input: CreateApiDestinationInput): AwsError | undefined {
  const { table } = turn.state.apiDestinations;
  const { Name: name = '', ConnectionArn: connectionArn = '' } = input;
  if (table.has(destinationKey(turn.scope, name))) return destinationExists(name);
  if (ownConnection(turn, connectionArn) === undefined) return connectionMissing('create', connectionArn);
  if (turn.limits.mode !== 'aws') return undefined;
  return table.list(destinationKey(turn.scope, '')).length >= DESTINATIONS_MAX ? tooManyDestinations() : undefined;
}
