import { describe, expect, test } from 'vitest';
import { API_KEY, ENDPOINT, header, ScriptedHttp } from '../api-destinations/testing.ts';
import { attributesOf, EventsTest, queueArnOf, ROLE_ARN } from '../testing.ts';

/** A bus whose events of `shop` go to an API destination with these parameters. */
async function open(parameters: object, more: object = {}): Promise<{ bus: EventsTest; http: ScriptedHttp }> {
  const http = new ScriptedHttp();
  const bus = await EventsTest.open([], { performers: { 'http-request': http.performer } });
  const connection = { Name: 'c', AuthorizationType: 'API_KEY', AuthParameters: API_KEY } as const;
  const { ConnectionArn } = await bus.call('CreateConnection', connection);
  const InvocationEndpoint = `${ENDPOINT}/*/lines/*`;
  const destination = { Name: 'd', ConnectionArn, InvocationEndpoint, HttpMethod: 'POST' } as const;
  const { ApiDestinationArn: Arn } = await bus.call('CreateApiDestination', destination);
  await bus.queue('letters');
  const DeadLetterConfig = { Arn: queueArnOf('letters') };
  await bus.rule('r', [{ Arn, RoleArn: ROLE_ARN, DeadLetterConfig, HttpParameters: parameters, ...more }]);
  return { bus, http };
}

const DETAIL = JSON.stringify({ order: 'a/7', lines: [{ id: 31 }], isPaid: true, note: null, tags: ['x', 'y'] });

describe('parameters of an API destination', () => {
  test('are read from the event as it was put, where they are paths', async () => {
    const { bus, http } = await open(
      {
        PathParameterValues: ['$.detail.order', '$.detail.lines[0].id'],
        HeaderParameters: {
          'X-Source': '$.source',
          'X-Gone': '$.detail.gone',
          'X-Plain': 'costs $5',
          'X-None': '$.detail.note',
        },
        QueryStringParameters: {
          paid: '$.detail.isPaid',
          tags: '$.detail.tags',
          gone: '$.detail.gone',
          type: '$.detail-type',
        },
      },
      { InputTransformer: { InputPathsMap: { o: '$.detail.order' }, InputTemplate: '{"only":<o>}' } },
    );
    await bus.put({ Detail: DETAIL });
    await bus.cell.settle();
    const [request] = http.sent;
    if (request === undefined) throw new Error('nothing was sent');
    const query = `paid=true&tags=${encodeURIComponent('["x","y"]')}&gone=&type=sold`;
    expect(request.url).toBe(`${ENDPOINT}/a%2F7/lines/31?${query}`);
    const names = ['x-source', 'x-gone', 'x-plain', 'x-none'];
    expect(names.map((name) => header(request, name))).toEqual(['shop', '', 'costs $5', 'null']);
    expect(request.body).toBe('{"only":"a/7"}');
  });

  test('without a value for the path nothing is sent, and the dead letter says so', async () => {
    const { bus, http } = await open({ PathParameterValues: ['$.detail.order', '$.detail.gone'] });
    await bus.put({ Detail: DETAIL });
    await bus.cell.settle();
    expect(http.sent).toEqual([]);
    const [letter] = await bus.messages('letters');
    expect(attributesOf(letter)).toMatchObject({
      ERROR_CODE: 'INVALID_PARAMETER',
      ERROR_MESSAGE: 'The path parameter $.detail.gone leads to nothing in the event.',
    });
  });

  test.each([
    [{ PathParameterValues: ['  '] }, "'  ' at 'targets.1.member.httpParameters.pathParameterValues.1.member'"],
    [{ HeaderParameters: { 'a b': 'c' } }, "'a b' at 'targets.1.member.httpParameters.headerParameters.key'"],
    [{ HeaderParameters: { a: 'c\r\nd: e' } }, "at 'targets.1.member.httpParameters.headerParameters.a'"],
    [{ QueryStringParameters: { a: 'x'.repeat(513) } }, 'Member must have length less than or equal to 512'],
    [{ QueryStringParameters: { 'a\u0000': 'x' } }, "at 'targets.1.member.httpParameters.queryStringParameters.key'"],
  ])('%j are refused', async (parameters, text) => {
    await expect(open(parameters)).rejects.toThrow(text);
  });
});
