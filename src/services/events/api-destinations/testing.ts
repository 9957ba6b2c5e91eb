// For tests of connections and API destinations: an HTTP performer that answers as the test says, a service that hands events over and asks
// questions, and the two features alone. Not part of the product.

import { utf8Encode } from '#base/bytes.ts';
import type { IamMode } from '#cell/authorization.ts';
import type { CallAnswer } from '#cell/callable.ts';
import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import type { HttpAnswer, HttpFailureKind, HttpOutcome, HttpRequest } from '#cell/http-request.ts';
import { defineService, operation, type ServiceDefinition } from '#cell/service-definition.ts';
import type { DeliveryFailure, TargetParameters } from '#cell/target.ts';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { connections } from '../connections/feature.ts';
import { composeFeatures } from '../feature.ts';
import { EventsState, type EventsTurn } from '../state.ts';
import { apiDestinations } from './feature.ts';
import { acceptForApiDestination, callApiDestination } from './target.ts';

export const ENDPOINT = 'https://api.example.com/orders';
export const TOKEN_ENDPOINT = 'https://login.example.com/token';
const RULE_ARN = 'arn:aws:events:us-east-1:000000000000:rule/orders';

/** A second before the first retry, then two. */
export const POLICY: DeliveryPolicy = { retriesMax: 3, ageMsMax: 3_600_000, backoffMs: [1_000, 2_000] };

/** Answers what `answer` says; keeps what was asked. A promise is kept open until the test resolves it. */
export class ScriptedHttp {
  readonly sent: (HttpRequest & { readonly atMs: number })[] = [];
  answer: (request: HttpRequest) => HttpOutcome | Promise<HttpOutcome> = () => status(200);
  nowMs: () => number = () => 0;

  readonly performer = async ({ input }: { readonly input: unknown }): Promise<HttpOutcome> => {
    const request = input as HttpRequest;
    this.sent.push({ ...request, atMs: this.nowMs() });
    return this.answer(request);
  };

  /** Requests to the destination's endpoint, not to the authorization endpoint. */
  get invocations() {
    return this.sent.filter(({ url }) => !url.startsWith(TOKEN_ENDPOINT));
  }

  get tokenRequests() {
    return this.sent.filter(({ url }) => url.startsWith(TOKEN_ENDPOINT));
  }
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ''): HttpAnswer {
  return { status: code, headers, body: utf8Encode(body), isBodyCut: false };
}

export function failed(kind: HttpFailureKind): HttpOutcome {
  return { failure: { kind, detail: `api.example.com: ${kind}` } };
}

/** A header of a request, by its name in lower case. */
export function header({ headers }: HttpRequest, name: string): string | undefined {
  return headers.find(([own]) => own.toLowerCase() === name)?.[1];
}

export interface Pushed {
  readonly targetArn: string;
  readonly text?: string;
  readonly parameters?: TargetParameters;
  readonly policy?: DeliveryPolicy;
}

/** What the pusher was told. */
export const answers: { readonly subject: string; readonly answer: CallAnswer }[] = [];

const pusher = defineService<object>({
  name: 'pusher',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    HandOver: operation<object, Pushed, object>({
      authorize: undefined,
      decide(turn, { targetArn, text = '{"order":1}', parameters, policy = POLICY }) {
        const handOver = {
          sourceArn: RULE_ARN,
          targetArn,
          principal: turn.principal,
          payload: turn.storePayload(utf8Encode(text)),
          content: { kind: 'event', text } as const,
          ...(parameters === undefined ? {} : { parameters }),
        };
        return { output: turn.doors.deliveries.deliver(turn, { handOver, policy }) };
      },
    }),
    Ask: operation<object, Pushed & { readonly subject: string }, { readonly failure?: DeliveryFailure }>({
      authorize: undefined,
      decide(turn, { targetArn, text = '{"order":1}', parameters, subject }) {
        const failure = turn.doors.callables.get('events')?.call(turn, {
          targetArn,
          sourceArn: RULE_ARN,
          principal: turn.principal,
          text,
          ...(parameters === undefined ? {} : { parameters }),
          asker: { service: 'pusher', subject },
        });
        return { output: failure === undefined ? {} : { failure } };
      },
    }),
  },
  doors: () => ({ answers: { answered: (_turn, subject, answer) => void answers.push({ subject, answer }) } }),
});

const endpoints = defineService<EventsState>({
  name: 'events',
  createState: () => new EventsState(),
  ...composeFeatures([connections, apiDestinations]),
  doors: () => ({
    target: { accept: (turn, handOver) => acceptForApiDestination(turn as EventsTurn, handOver) },
    callable: { call: (turn, request) => callApiDestination(turn as EventsTurn, request) },
  }),
});

export async function endpointsCell(
  http = new ScriptedHttp(),
  { iamMode = 'off', others = [] }: { iamMode?: IamMode; others?: readonly ServiceDefinition[] } = {},
): Promise<{ test: TestCell; http: ScriptedHttp }> {
  answers.length = 0;
  const test = await testCell([endpoints, deliveries, pusher, ...others], {
    performers: { 'http-request': http.performer },
    limits: { mode: 'aws' },
    iamMode,
  });
  http.nowMs = () => test.clock.nowMs();
  return { test, http };
}

export const BASIC = { BasicAuthParameters: { Username: 'anna', Password: 'planted-password' } };
export const API_KEY = { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'planted-key' } };
export const OAUTH = {
  OAuthParameters: {
    ClientParameters: { ClientID: 'client', ClientSecret: 'planted-secret' },
    AuthorizationEndpoint: TOKEN_ENDPOINT,
    HttpMethod: 'POST',
  },
};

const TYPES = {
  BasicAuthParameters: 'BASIC',
  ApiKeyAuthParameters: 'API_KEY',
  OAuthParameters: 'OAUTH_CLIENT_CREDENTIALS',
};

/** A connection `c`, its type told by its parameters, and a destination `d` for it; the destination's ARN. */
export async function setUp(
  test: TestCell,
  auth: Readonly<Record<string, unknown>> = API_KEY,
  destination: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const type = Object.entries(TYPES).find(([name]) => name in auth)?.[1];
  const connection = { Name: 'c', AuthorizationType: type, AuthParameters: auth };
  const { ConnectionArn } = await test.call<{ ConnectionArn: string }>('events', 'CreateConnection', connection);
  const input = { Name: 'd', ConnectionArn, InvocationEndpoint: ENDPOINT, HttpMethod: 'POST', ...destination };
  const created = await test.call<{ ApiDestinationArn: string }>('events', 'CreateApiDestination', input);
  return created.ApiDestinationArn;
}
