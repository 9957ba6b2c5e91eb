// CreateConnection. With OAuth a token is asked for at once: until it comes the connection is AUTHORIZING.

import { operation } from '#cell/service-definition.ts';
import { formatArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import type { CreateConnectionInput, CreateConnectionOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { createConstraints } from '../constraints.ts';
import { credentialsOf, foreignMembers, sealCredentials, shownOf } from '../credentials.ts';
import type { AuthorizationType, ConnectionDoc, Credentials } from '../documents.ts';
import { authParametersInvalid, connectionExists, endpointInvalid, tooManyConnections } from '../errors.ts';
import { connectionKey, connectionPermission, putConnection } from '../find-connection.ts';
import { isEndpointUrl } from '../http-values.ts';
import { CONNECTIONS_MAX } from '../limits.ts';
import { unavailableSetting } from '../not-available.ts';
import { newSecretArn } from '../secret-arn.ts';
import { tellBegun, tellReached } from '../tell.ts';
import { askForToken } from '../tokens.ts';

export const createConnection = operation<EventsState, CreateConnectionInput, CreateConnectionOutput>({
  authorize: connectionPermission('CreateConnection'),
  decide(turn, input) {
    const broken = createConstraints(input);
    if (broken !== undefined) return refuse(validation(broken));
    const type = input.AuthorizationType as AuthorizationType;
    const given = input.AuthParameters ?? {};
    const credentials = credentialsOf(type, given, undefined);
    if (credentials === undefined) {
      return refuse(authParametersInvalid('create', `parameters of the authorization type ${type} are missing.`));
    }
    const problem = unavailableSetting(input) ?? formProblem(input, credentials) ?? placeProblem(turn, input);
    if (problem !== undefined) return refuse(problem);
    const doc = newConnection(turn, input, credentials);
    putConnection(turn, doc);
    tellBegun(turn, doc, 'Creation Started');
    tellReached(turn, doc);
    if (doc.state === 'AUTHORIZING') askForToken(turn, doc);
    const { arn, state, createdAtMs } = doc;
    return {
      output: {
        ConnectionArn: arn,
        ConnectionState: state,
        CreationTime: createdAtMs,
        LastModifiedTime: createdAtMs,
      },
    };
  },
});

function formProblem(input: CreateConnectionInput, { authorization }: Credentials): AwsError | undefined {
  // API reference: "You must include only authorization parameters for the AuthorizationType you specify."
  const [foreign] = foreignMembers(authorization.type, input.AuthParameters ?? {});
  if (foreign !== undefined) {
    const reason = `${foreign} does not belong to the authorization type ${authorization.type}.`;
    return authParametersInvalid('create', reason);
  }
  const isOAuth = authorization.type === 'OAUTH_CLIENT_CREDENTIALS';
  return isOAuth && !isEndpointUrl(authorization.endpoint)
    ? endpointInvalid('create', authorization.endpoint)
    : undefined;
}

function placeProblem(turn: EventsTurn, { Name: name = '' }: CreateConnectionInput): AwsError | undefined {
  const { table } = turn.state.connections;
  if (table.has(connectionKey(turn.scope, name))) return connectionExists(name);
  if (turn.limits.mode !== 'aws') return undefined;
  return table.list(connectionKey(turn.scope, '')).length >= CONNECTIONS_MAX ? tooManyConnections() : undefined;
}

function newConnection(turn: EventsTurn, input: CreateConnectionInput, credentials: Credentials): ConnectionDoc {
  const { Name: name = '', Description: description } = input;
  const { account, region } = turn.scope;
  const arn = formatArn('events', turn.scope, `connection/${name}/${turn.uuid()}`);
  const { type } = credentials.authorization;
  return {
    name,
    arn,
    account,
    region,
    description,
    authorizationType: type,
    state: type === 'OAUTH_CLIENT_CREDENTIALS' ? 'AUTHORIZING' : 'AUTHORIZED',
    shown: shownOf(credentials),
    sealed: sealCredentials(turn, arn, credentials),
    secretArn: newSecretArn(turn, name),
    revision: 1,
    createdAtMs: turn.nowMs,
    modifiedAtMs: turn.nowMs,
    // Recorded: AWS shows it from the beginning, also while it is AUTHORIZING.
    authorizedAtMs: turn.nowMs,
  };
}
