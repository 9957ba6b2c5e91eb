// What does not fit the shape is refused in AWS's words, before any service sees it.
import { describe, expect, test } from 'vitest';
import { ask, header, sqsJson } from './ask.ts';

const LOGS = { 'x-amz-target': 'Logs_20140328.PutLogEvents', 'content-type': 'application/x-amz-json-1.1' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function sendMessage(body: string) {
  return ask({ headers: sqsJson('SendMessage'), body });
}

function refusalOf(body: string): unknown {
  const { response } = sendMessage(body);
  return response === undefined ? 'accepted' : JSON.parse(String(response.body));
}

describe('JSON', () => {
  const TYPE = 'com.amazon.coral.service#SerializationException';

  test.each([
    ['{"MessageBody":1}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"MessageBody":1.5}', 'DECIMAL_VALUE can not be converted to a String'],
    ['{"MessageBody":true}', 'TRUE_VALUE can not be converted to a String'],
    ['{"MessageBody":false}', 'FALSE_VALUE can not be converted to a String'],
    ['{"MessageBody":[]}', 'Start of list found where not expected'],
    ['{"MessageBody":{}}', 'Start of structure or map found where not expected.'],
    ['{"DelaySeconds":"1"}', 'STRING_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":true}', 'TRUE_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":1.5}', 'DECIMAL_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":1e400}', 'DECIMAL_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":[1]}', 'Start of list found where not expected'],
    ['{"MessageAttributes":"x"}', 'Expected map or null'],
    ['{"MessageAttributes":[]}', 'Start of list found where not expected'],
    ['{"MessageAttributes":{"a":"x"}}', 'Expected null'],
    ['{"MessageAttributes":{"a":[]}}', 'Start of list found where not expected'],
    ['{"MessageAttributes":{"a":{"StringListValues":"x"}}}', 'Expected list or null'],
    ['{"MessageAttributes":{"a":{"StringListValues":{}}}}', 'Start of structure or map found where not expected.'],
    ['{"MessageAttributes":{"a":{"StringListValues":[1]}}}', 'NUMBER_VALUE can not be converted to a String'],
    [
      '{"MessageAttributes":{"a":{"BinaryValue":"23456"}}}',
      "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
    [
      '{"MessageAttributes":{"a":{"BinaryValue":"+/+="}}}',
      "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
    ['{"MessageAttributes":{"a":{"BinaryValue":1}}}', 'NUMBER_VALUE can not be converted to a Blob'],
    ['[]', 'Start of list found where not expected'],
  ])('%s', (body, message) => {
    expect(refusalOf(body)).toEqual({ __type: TYPE, Message: message });
  });

  test.each(['', '{', 'null', '1', '"x"', '{"MessageBody":"x",}', "{'a':1}", '{"a":1}x', '\ufeff{}'])(
    '%j is no JSON object and gets no text',
    (body) => {
      expect(refusalOf(body)).toEqual({ __type: TYPE });
    },
  );

  test('bytes that are not UTF-8', () => {
    const { response } = ask({ headers: sqsJson('SendMessage'), body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) });
    expect(response?.status).toBe(400);
  });

  test('the older query code comes along', () => {
    expect(header(sendMessage('{"MessageBody":1}').response, 'x-amzn-query-error')).toBe('MalformedInput;Sender');
  });

  test('JSON 1.1 names the error without its namespace', () => {
    expect(JSON.parse(String(ask({ headers: LOGS, body: '{"logEvents":1}' }).response?.body))).toEqual({
      __type: 'SerializationException',
      Message: 'Expected list or null',
    });
  });

  test('members that are null count as absent, unknown ones are ignored', () => {
    expect(
      sendMessage('{"QueueUrl":"q","MessageBody":null,"NoSuchMember":{"a":[1]},"__proto__":{"MessageBody":"x"}}').input,
    ).toEqual({ QueueUrl: 'q' });
  });

  test('a number of milliseconds and one with an empty fraction are both integers', () => {
    expect(ask({ headers: LOGS, body: '{"logEvents":[{"timestamp":1795415880000.0,"message":"m"}]}' }).input).toEqual({
      logEvents: [{ timestamp: 1795415880000, message: 'm' }],
    });
  });

  test('__proto__ and constructor are keys like others', () => {
    const { input } = sendMessage(
      '{"MessageAttributes":{"__proto__":{"DataType":"String","StringValue":"x"},"constructor":{"DataType":"String"}}}',
    );
    const attributes = (input as { MessageAttributes: Record<string, unknown> }).MessageAttributes;
    expect(Object.keys(attributes)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(attributes)).toBeNull();
    expect(attributes['toString']).toBeUndefined();
    expect(({} as Record<string, unknown>)['DataType']).toBeUndefined();
  });

  test.each([
    ['a nested list', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['nested objects', `${'{"x":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['a nested list that never ends', `{"x":${'['.repeat(1_000_000)}`],
    ['a million members', `{"x":[${'1,'.repeat(1_000_000)}1]}`],
  ])('%s is refused before it is built', (_, body) => {
    expect(refusalOf(body)).toEqual({ __type: TYPE });
  });

  test('brackets and commas inside text do not count', () => {
    const text = '[{,"\\'.repeat(100_000);
    expect(sendMessage(JSON.stringify({ MessageBody: text })).input).toEqual({ MessageBody: text });
  });
});

describe('query', () => {
  function listed(parameters: string) {
    const { response, input } = ask({ headers: FORM, body: `Action=ReceiveMessage&Version=2012-11-05&${parameters}` });
    return response === undefined
      ? input
      : /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(String(response.body))?.slice(1).join(': ');
  }

  test.each([
    ['AttributeName.0=All', 'MalformedInput: 0 is not a valid index'],
    ['AttributeName.01=All', 'MalformedInput: Value found where not expected'],
    ['AttributeName.x=All', 'MalformedInput: Start of list found where not expected'],
    ['AttributeName.1000000000=All', 'MalformedInput: Index 1000000000 is illegal'],
    [
      'AttributeName.1=A&AttributeName.5000=All',
      'MalformedInput: Excessively sparse input would skip 4,999 list elements',
    ],
    ['AttributeName.1.x=All', 'MalformedInput: Start of structure or map found where not expected.'],
    ['MaxNumberOfMessages=many', 'MalformedInput: For input string: &quot;many&quot;'],
    ['MaxNumberOfMessages=1.5', 'MalformedInput: For input string: &quot;1.5&quot;'],
    [`${'QueueUrl.'.repeat(200)}=x`, 'MalformedInput: Input is nested too deeply'],
  ])('%s', (parameters, expected) => {
    expect(listed(parameters)).toBe(expected);
  });

  test('gaps between indexes are filled as AWS does, and order is that of the numbers', () => {
    expect(listed('AttributeName.10=j&AttributeName.2=b')).toEqual({
      AttributeNames: ['', 'b', '', '', '', '', '', '', '', 'j'],
    });
  });

  test('an empty list is a name without a value', () => {
    expect(listed('AttributeName=')).toEqual({ AttributeNames: [] });
  });

  test('of a repeated parameter the first counts', () => {
    expect(listed('QueueUrl=first&QueueUrl=second')).toEqual({ QueueUrl: 'first' });
  });

  test.each(['QueueUrl=%', 'QueueUrl=%ZZ', 'QueueUrl=%FF'])('%s cannot be decoded', (parameters) => {
    expect(listed(parameters)).toBe('MalformedInput: ');
  });

  test('more parameters than any request has', () => {
    expect(listed('a=b&'.repeat(20_000))).toBe('MalformedInput: ');
  });
});

describe('REST', () => {
  test('a parameter of the wrong type', () => {
    const { response } = ask({ method: 'GET', url: '/2015-03-31/functions?MaxItems=many' });
    expect(response).toMatchObject({
      status: 400,
      body: '{"Message":"STRING_VALUE can not be converted to an Integer"}',
    });
    expect(header(response, 'x-amzn-ErrorType')).toBe('SerializationException');
  });

  test('a member of the path does not come from the document', () => {
    const { input } = ask({
      method: 'PUT',
      url: '/2015-03-31/functions/f/configuration',
      body: '{"FunctionName":"other","Timeout":3}',
    });
    expect(input).toEqual({ FunctionName: 'f', Timeout: 3 });
  });

  test('a payload is the body itself, whatever it is', () => {
    const { input } = ask({ url: '/2015-03-31/functions/f/invocations', body: '{not json' });
    expect(input).toMatchObject({ FunctionName: 'f', Payload: Buffer.from('{not json') });
  });
});
