// Errors reach the SDK as the class its users catch, with code, text, status and request id; older clients find their own names.
import { describe, expect, test } from 'vitest';
import { type AwsError, clientError, serverError } from '../../../src/model/aws-error.ts';
import { encodeError } from '../../../src/wire/codec.ts';
import { service as sqs } from '../../../src/wire/generated/sqs.ts';
import type { Protocol } from '../../../src/wire/schema.ts';
import { header, SCHEMAS, wire } from './ask.ts';
import { sdk } from './sdk-client.ts';

const CLIENTS: Readonly<Record<string, string>> = { logs: 'cloudwatch-logs', events: 'eventbridge' };
const protocolOf = (prefix: string): Protocol => wire.service(prefix)?.schema.protocols[0] ?? 'query';

function encoded(prefix: string, error: AwsError, protocol = protocolOf(prefix)) {
  const service = wire.service(prefix);
  return encodeError(service === undefined ? { protocol } : { protocol, service }, error, 'request-id');
}

/** What a caller of the SDK catches when every request is answered with this error. */
async function caught(prefix: string, error: AwsError, operation: string): Promise<Record<string, unknown>> {
  const kit = await sdk(CLIENTS[prefix] ?? prefix);
  const names = { QueueUrl: 'q', TopicArn: 't', FunctionName: 'f', logGroupName: 'g', RoleName: 'r' };
  const input = { ...names, Name: 'n', RegistryName: 'r', StreamName: 's', DeliveryStreamName: 'd' };
  return kit
    .client(() => encoded(prefix, error))
    .send(kit.command(operation, input))
    .then(
      () => ({}),
      (thrown) => thrown as Record<string, unknown>,
    );
}

const OPERATION: Readonly<Record<string, string>> = {
  sqs: 'DeleteQueue',
  sns: 'DeleteTopic',
  lambda: 'GetFunction',
  logs: 'DeleteLogGroup',
  iam: 'GetRole',
  sts: 'GetCallerIdentity',
  events: 'DescribeRule',
  scheduler: 'GetSchedule',
  pipes: 'DescribePipe',
  schemas: 'DescribeRegistry',
  kinesis: 'DescribeStream',
  firehose: 'DescribeDeliveryStream',
};

describe.each(SCHEMAS.map((schema) => [schema.endpointPrefix, schema] as const))('%s', (prefix, schema) => {
  test.each(Object.entries(schema.errors))('%s is the class that the SDK knows', async (name, { status, fault }) => {
    const error = { code: name, message: 'What is wrong with <this>', status, fault };
    const thrown = await caught(prefix, error, OPERATION[prefix] ?? '');
    expect({ name: thrown['name'], message: thrown['message'], $fault: thrown['$fault'] }).toMatchObject({
      name,
      message: 'What is wrong with <this>',
      $fault: fault,
    });
    expect(thrown['$metadata']).toMatchObject({ httpStatusCode: status, requestId: 'request-id' });
  });
});

describe('the forms of one error', () => {
  const missing = clientError('QueueDoesNotExist', 'The specified queue does not exist.');

  test('SQS over JSON', () => {
    const response = encoded('sqs', missing);
    expect(response).toMatchObject({
      status: 400,
      body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}',
    });
    expect(header(response, 'x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(header(response, 'x-amzn-RequestId')).toBe('request-id');
  });

  test('SQS over the query protocol has a longer text', () => {
    expect(encoded('sqs', missing, 'query').body).toBe(
      '<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error><RequestId>request-id</RequestId></ErrorResponse>',
    );
  });

  test('an error may be named by its query code', () => {
    const byCode = clientError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
    expect(encoded('sqs', byCode)).toEqual(encoded('sqs', missing));
    expect(String(encoded('sns', clientError('NotFound', 'Topic does not exist', { status: 404 })).body)).toContain(
      '<Code>NotFound</Code>',
    );
    expect(
      String(encoded('sns', clientError('NotFoundException', 'Topic does not exist', { status: 404 })).body),
    ).toContain('<Code>NotFound</Code>');
  });

  test('errors that no service models have two names', () => {
    const error = clientError('InvalidParameterValue', 'm');
    expect(JSON.parse(String(encoded('sqs', error).body))).toEqual({
      __type: 'com.amazon.coral.service#InvalidParameterValueException',
      message: 'm',
    });
    expect(header(encoded('sqs', error), 'x-amzn-query-error')).toBe('InvalidParameterValue;Sender');
    const byName = clientError('InvalidParameterValueException', 'm', { queryCode: 'InvalidParameterValue' });
    expect(encoded('sqs', byName)).toEqual(encoded('sqs', error));
    expect(String(encoded('sqs', byName, 'query').body)).toContain('<Code>InvalidParameterValue</Code>');
  });

  test.each([
    ['sqs', 403, 'com.amazon.coral.service#UnrecognizedClientException'],
    ['logs', 400, 'UnrecognizedClientException'],
  ])('an unknown key over JSON, %s', (prefix, status, type) => {
    const response = encoded(
      prefix,
      clientError('InvalidClientTokenId', 'The security token included in the request is invalid.', { status: 403 }),
    );
    expect(response.status).toBe(status);
    expect(JSON.parse(String(response.body))).toMatchObject({ __type: type });
  });

  test('SNS calls a denial by its own name', () => {
    const denied = clientError('AccessDenied', 'not authorized', { status: 403 });
    expect(String(encoded('sns', denied).body)).toContain('<Code>AuthorizationError</Code>');
    expect(String(encoded('iam', denied).body)).toContain('<Code>AccessDenied</Code>');
    expect(JSON.parse(String(encoded('logs', denied).body))).toEqual({
      __type: 'AccessDeniedException',
      Message: 'not authorized',
    });
  });

  test('Lambda says whose fault it was, and puts Retry-After into the head', () => {
    const throttled = clientError('TooManyRequestsException', 'Rate Exceeded.', {
      status: 429,
      members: { retryAfterSeconds: '3', Reason: 'CallerRateLimitExceeded' },
    });
    const response = encoded('lambda', throttled);
    expect(JSON.parse(String(response.body))).toEqual({
      Type: 'User',
      Reason: 'CallerRateLimitExceeded',
      message: 'Rate Exceeded.',
    });
    expect(header(response, 'Retry-After')).toBe('3');
    expect(header(response, 'x-amzn-ErrorType')).toBe('TooManyRequestsException');
    const notFound = encoded(
      'lambda',
      clientError('ResourceNotFoundException', 'Function not found: f', { status: 404 }),
    );
    expect(JSON.parse(String(notFound.body))).toEqual({ Type: 'User', Message: 'Function not found: f' });
  });

  test('a fault of ours is the receiver’s', () => {
    expect(String(encoded('sns', serverError('InternalFailure', 'm')).body)).toContain('<Type>Receiver</Type>');
    expect(header(encoded('sqs', serverError('InternalFailure', 'm')), 'x-amzn-query-error')).toBe(
      'InternalFailure;Receiver',
    );
  });

  test('a code of no table goes out as it is', () => {
    expect(JSON.parse(String(encoded('logs', clientError('constructor', '')).body))).toEqual({ __type: 'constructor' });
  });

  test('every query code of SQS leads back to its error', () => {
    for (const [name, { queryCode, status }] of Object.entries(sqs.errors)) {
      const response = encoded('sqs', clientError(queryCode ?? name, 'm', { status }));
      expect(JSON.parse(String(response.body))).toMatchObject({ __type: `com.amazonaws.sqs#${name}` });
    }
  });
});
