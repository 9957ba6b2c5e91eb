// UpdateConnection. What is left out stays; new credentials authorize the connection anew.

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { UpdateConnectionInput, UpdateConnectionOutput } from '#wire/generated/events.ts';
import { pumpConnection } from '../../api-destinations/sending/pump.ts';
import { validation } from '../../errors.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { updateConstraints } from '../constraints.ts';
import { credentialsOf, openCredentials, saysAnything, sealCredentials, shownOf } from '../credentials.ts';
import type { AuthorizationType, ConnectionDoc, Credentials } from '../documents.ts';
import { authParametersInvalid, endpointInvalid } from '../errors.ts';
import { connectionPermission, findConnection, putConnection } from '../find-connection.ts';
import { isEndpointUrl } from '../http-values.ts';
import { unavailableSetting } from '../not-available.ts';
import { newSecretArn } from '../secret-arn.ts';
import { tellBegun, tellChange, tellReached } from '../tell.ts';
import { askForToken } from '../tokens.ts';
import { connectionTimes } from '../views.ts';

export const updateConnection = operation<EventsState, UpdateConnectionInput, UpdateConnectionOutput>({
  authorize: connectionPermission('UpdateConnection'),
  decide(turn, input) {
    const broken = updateConstraints(input);
    if (broken !== undefined) return refuse(validation(broken));
    const unavailable = unavailableSetting(input);
    if (unavailable !== undefined) return refuse(unavailable);
    const found = findConnection(turn, input.Name ?? '');
    if (isRefused(found)) return found;
    const credentials = newCredentials(turn, found, input);
    if (isRefused(credentials)) return credentials;
    const described: ConnectionDoc = {
      ...found,
      modifiedAtMs: turn.nowMs,
      description: input.Description ?? found.description,
    };
    const doc = credentials === undefined ? described : authorizedAnew(turn, described, credentials);
    putConnection(turn, doc);
    tellBegun(turn, doc, 'Update Started');
    if (credentials !== undefined && doc.state === 'AUTHORIZING') askForToken(turn, doc);
    pumpConnection(turn, doc.arn);
    if (credentials !== undefined && doc.state === found.state) tellReached(turn, doc);
    tellChange(turn, found);
    return { output: { ...connectionTimes(doc), ConnectionState: doc.state } };
  },
});

/** Undefined when the request says nothing about them. */
function newCredentials(
  turn: EventsTurn,
  doc: ConnectionDoc,
  { AuthorizationType: asked, AuthParameters: given }: UpdateConnectionInput,
): Credentials | Refused | undefined {
  const type = (asked ?? doc.authorizationType) as AuthorizationType;
  if (type === doc.authorizationType && !saysAnything(type, given)) return undefined;
  const known = doc.sealed === undefined ? undefined : openCredentials(turn, doc.arn, doc.sealed);
  const credentials = credentialsOf(type, given ?? {}, known);
  if (credentials === undefined) {
    return refuse(authParametersInvalid('update', `parameters of the authorization type ${type} are missing.`));
  }
  const { authorization } = credentials;
  const isOAuth = authorization.type === 'OAUTH_CLIENT_CREDENTIALS';
  const isBroken = isOAuth && !isEndpointUrl(authorization.endpoint);
  return isBroken ? refuse(endpointInvalid('update', authorization.endpoint)) : credentials;
}

function authorizedAnew(turn: EventsTurn, doc: ConnectionDoc, credentials: Credentials): ConnectionDoc {
  const { type } = credentials.authorization;
  const isOAuth = type === 'OAUTH_CLIENT_CREDENTIALS';
  return {
    ...doc,
    authorizationType: type,
    state: isOAuth ? 'AUTHORIZING' : 'AUTHORIZED',
    stateReason: undefined,
    shown: shownOf(credentials),
    sealed: sealCredentials(turn, doc.arn, credentials),
    secretArn: doc.secretArn ?? newSecretArn(turn, doc.name),
    revision: doc.revision + 1,
    authorizedAtMs: isOAuth ? doc.authorizedAtMs : turn.nowMs,
  };
}
