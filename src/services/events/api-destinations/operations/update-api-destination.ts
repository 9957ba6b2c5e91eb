// UpdateApiDestination. What is left out stays; another rate or connection counts at once, also for what waits.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateApiDestinationInput, UpdateApiDestinationOutput } from '#wire/generated/events.ts';
import { tellDestination } from '../../connections/tell.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { ownConnection } from '../connection-of.ts';
import { settingProblem, updateConstraints } from '../constraints.ts';
import { connectionMissing } from '../errors.ts';
import { destinationPermission, findDestination, putDestination, stateOf } from '../find-destination.ts';
import { pump } from '../sending/pump.ts';
import { changedDestination } from '../views.ts';

export const updateApiDestination = operation<EventsState, UpdateApiDestinationInput, UpdateApiDestinationOutput>({
  authorize: destinationPermission('UpdateApiDestination'),
  decide(turn, input) {
    const broken = updateConstraints(input);
    if (broken !== undefined) return refuse(validation(broken));
    const problem = settingProblem('update', input);
    if (problem !== undefined) return refuse(problem);
    const found = findDestination(turn, 'update', input.Name ?? '');
    if (isRefused(found)) return found;
    const { ConnectionArn: connectionArn = found.connectionArn } = input;
    if (connectionArn !== found.connectionArn && ownConnection(turn, connectionArn) === undefined) {
      return refuse(connectionMissing('update', connectionArn));
    }
    const doc = {
      ...found,
      description: input.Description ?? found.description,
      connectionArn,
      endpoint: input.InvocationEndpoint ?? found.endpoint,
      method: input.HttpMethod ?? found.method,
      ratePerSecond: input.InvocationRateLimitPerSecond ?? found.ratePerSecond,
      modifiedAtMs: turn.nowMs,
    };
    putDestination(turn, doc);
    // Another rate or connection may let go what waits.
    pump(turn, doc.arn);
    const isActive = stateOf(turn.state, doc) === 'ACTIVE';
    if (isActive !== (stateOf(turn.state, found) === 'ACTIVE')) tellDestination(turn, doc, isActive);
    return { output: changedDestination(turn.state, doc) };
  },
});
