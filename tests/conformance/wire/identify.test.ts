// Which service, protocol and operation a request means, however it says so.
import { describe, expect, test } from 'vitest';
import { ask, claim, header, type Raw, sqsJson } from './ask.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

describe('the operation is found', () => {
  test.each<[string, Raw, string]>([
    ['by target, SQS', { headers: sqsJson('ListQueues'), body: '{}' }, 'sqs json-1.0 ListQueues'],
    [
      'by target, Logs',
      {
        headers: { 'x-amz-target': 'Logs_20140328.DescribeLogGroups', 'content-type': 'application/x-amz-json-1.1' },
        body: '{}',
      },
      'logs json-1.1 DescribeLogGroups',
    ],
    [
      'by target, without a content type',
      { headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' },
      'sqs json-1.0 ListQueues',
    ],
    [
      'by target, on a queue path',
      { url: '/000000000000/q', headers: sqsJson('PurgeQueue'), body: '{}' },
      'sqs json-1.0 PurgeQueue',
    ],
    ['by action and version', { headers: FORM, body: 'Action=ListTopics&Version=2010-03-31' }, 'sns query ListTopics'],
    [
      'by action and signature',
      { headers: { ...FORM, ...claim('iam') }, body: 'Action=ListRoles' },
      'iam query ListRoles',
    ],
    ['by action alone', { headers: FORM, body: 'Action=GetCallerIdentity' }, 'sts query GetCallerIdentity'],
    ['by action, no content type', { body: 'Action=GetCallerIdentity' }, 'sts query GetCallerIdentity'],
    [
      'by an action two services know, and version',
      { headers: FORM, body: 'Action=TagResource&Version=2010-03-31' },
      'sns query TagResource',
    ],
    [
      'by an action two services know, and signature',
      { headers: { ...FORM, ...claim('sqs') }, body: 'Action=AddPermission' },
      'sqs query AddPermission',
    ],
    [
      'by action in the query string',
      { method: 'GET', url: '/?Action=GetCallerIdentity&Version=2011-06-15' },
      'sts query GetCallerIdentity',
    ],
    [
      'by action in the query string of a POST',
      { url: '/?Action=ListQueues', headers: FORM, body: 'QueueNamePrefix=a' },
      'sqs query ListQueues',
    ],
    [
      'by action on a queue path',
      { method: 'GET', url: '/000000000000/q?Action=ReceiveMessage' },
      'sqs query ReceiveMessage',
    ],
    ['by path', { method: 'GET', url: '/2015-03-31/functions' }, 'lambda rest-json ListFunctions'],
    [
      'by path with a slash at the end',
      { method: 'GET', url: '/2015-03-31/functions/' },
      'lambda rest-json ListFunctions',
    ],
    [
      'by path of another date',
      { url: '/2017-10-31/functions/f/concurrency', method: 'PUT', body: '{}' },
      'lambda rest-json PutFunctionConcurrency',
    ],
    [
      'by path and literal parameter',
      { method: 'GET', url: '/2019-09-30/functions/f/provisioned-concurrency?List=ALL' },
      'lambda rest-json ListProvisionedConcurrencyConfigs',
    ],
    [
      'by path without that parameter',
      { method: 'GET', url: '/2019-09-30/functions/f/provisioned-concurrency?Qualifier=1' },
      'lambda rest-json GetProvisionedConcurrencyConfig',
    ],
    [
      'by path, signed for its service',
      { method: 'GET', url: '/2015-03-31/event-source-mappings/', headers: claim('lambda') },
      'lambda rest-json ListEventSourceMappings',
    ],
  ])('%s', (_, raw, expected) => {
    const { service, protocol, operation } = ask(raw);
    expect(`${service} ${protocol} ${operation}`).toBe(expected);
  });
});

describe('what is not there is refused as AWS does', () => {
  test('an unknown target has a type and no text', () => {
    const { response } = ask({ headers: sqsJson('NoSuchThing'), body: '{}' });
    expect(response).toMatchObject({
      status: 400,
      body: '{"__type":"com.amazon.coral.service#UnknownOperationException"}',
    });
    expect(header(response, 'x-amzn-query-error')).toBe('InvalidAction;Sender');
    expect(header(response, 'content-type')).toBe('application/x-amz-json-1.0');
  });

  test.each([
    'Nobody.ListQueues',
    'AmazonSQS',
    '',
    '.',
    'AmazonSQS.',
    '__proto__.constructor',
    'AmazonSQS.constructor',
  ])('target %j', (target) => {
    const { response } = ask({ headers: { 'x-amz-target': target }, body: '{}' });
    expect(response?.status).toBe(400);
    expect(String(response?.body)).toContain('UnknownOperationException');
  });

  test('a target is only heard on a POST', () => {
    expect(ask({ method: 'GET', headers: sqsJson('ListQueues') }).response?.status).toBe(400);
  });

  test('an unknown action names the version of its service', () => {
    const { response } = ask({ headers: FORM, body: 'Action=NoSuchThing&Version=2010-05-08' });
    expect(response).toMatchObject({
      status: 400,
      body: '<?xml version="1.0"?><ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation NoSuchThing for version 2010-05-08</Message></Error><RequestId>request-id</RequestId></ErrorResponse>',
    });
  });

  test('SQS has its own text', () => {
    const { response } = ask({ headers: { ...FORM, ...claim('sqs') }, body: 'Action=<x>' });
    expect(String(response?.body)).toContain(
      '<Message>The action &lt;x&gt; is not valid for this endpoint.</Message><Detail/>',
    );
  });

  test('an unknown path of a REST service', () => {
    const { response } = ask({ method: 'GET', url: '/2015-03-31/nothing', headers: claim('lambda') });
    expect(response?.status).toBe(404);
    expect(header(response, 'x-amzn-ErrorType')).toBe('UnknownOperationException');
  });

  test.each<[string, Raw]>([
    ['nothing at all', { method: 'GET' }],
    ['a form without an action', { headers: FORM, body: 'a=b' }],
    ['a body of another kind', { headers: { 'content-type': 'text/plain' }, body: 'Action=ListQueues' }],
  ])('%s', (_, raw) => {
    const { response } = ask(raw);
    expect(response?.status).toBe(403);
    expect(String(response?.body)).toContain('Unable to determine service/operation name to be authorized');
  });

  test('an event stream is refused by name', () => {
    const { response } = ask({ url: '/2021-11-15/functions/f/response-streaming-invocations', body: '{}' });
    expect(response?.status).toBe(501);
    expect(String(response?.body)).toContain('InvokeWithResponseStream');
  });
});

describe('paths are split before they are decoded', () => {
  test('an encoded slash stays inside its label', () => {
    expect(ask({ method: 'GET', url: '/2015-03-31/functions/a%2Fb' }).input).toEqual({ FunctionName: 'a/b' });
  });

  test('an ARN is one label, encoded or not', () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    expect(ask({ method: 'GET', url: `/2015-03-31/functions/${encodeURIComponent(arn)}` }).input).toEqual({
      FunctionName: arn,
    });
    expect(ask({ method: 'GET', url: `/2015-03-31/functions/${arn}` }).input).toEqual({ FunctionName: arn });
  });

  test.each(['/2015-03-31/functions/%ZZ', '/2015-03-31/functions//configuration', '/2015-03-31/functions/%FF'])(
    '%s is no path',
    (url) => {
      expect(ask({ method: 'GET', url }).response?.status).toBe(403);
    },
  );
});
