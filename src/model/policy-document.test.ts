import { expect, test } from 'vitest';
import { type PolicyKind, parsePolicyDocument } from './policy-document.ts';

const problemOf = (document: unknown, kind: PolicyKind = 'identity'): { text: string; detail: string } | undefined => {
  const parsed = parsePolicyDocument(typeof document === 'string' ? document : JSON.stringify(document), kind);
  return 'problem' in parsed ? parsed.problem : undefined;
};

const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
const identity = (change: object) => ({ Version: '2012-10-17', Statement: [{ ...statement, ...change }] });
const resource = (change: object) => ({ Statement: { ...statement, Principal: '*', ...change } });

test('a statement may be an object or a list, and single values need no list', () => {
  const parsed = parsePolicyDocument(
    JSON.stringify({ Version: '2012-10-17', Id: 'p', Statement: { ...statement, Sid: 'Send' } }),
    'identity',
  );
  expect(parsed).toMatchObject({
    document: {
      version: '2012-10-17',
      id: 'p',
      statements: [{ sid: 'Send', effect: 'Allow', actions: ['sqs:SendMessage'], resources: ['*'], conditions: {} }],
    },
  });
});

test.each([
  ['{', 'identity', 'Syntax errors in policy.'],
  ['{', 'trust', 'This policy contains invalid Json'],
  ['[]', 'identity', 'Syntax errors in policy.'],
  [{ Statement: [statement] }, 'identity', 'Policy document must be version 2012-10-17 or greater.'],
  [{ Version: '2012-10-17', Statement: [] }, 'identity', 'Syntax errors in policy.'],
  [{ Version: '2012-10-17', Statement: [statement], Extra: 1 }, 'identity', 'Syntax errors in policy.'],
  [identity({ Principal: '*' }), 'identity', 'Policy document should not specify a principal.'],
  [identity({ Action: undefined }), 'identity', 'Policy statement must contain actions.'],
  [identity({ Resource: undefined }), 'identity', 'Policy statement must contain resources.'],
  [
    identity({ Action: 'SendMessage' }),
    'identity',
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  [identity({ Action: 'a b:c' }), 'identity', 'Vendor a b is not valid'],
  [identity({ Resource: 'queue' }), 'identity', 'Resource queue must be in ARN format or "*".'],
  [identity({ Effect: 'allow' }), 'identity', 'Syntax errors in policy.'],
  [
    identity({ Sid: 'not alnum' }),
    'identity',
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  ],
  [
    {
      Version: '2012-10-17',
      Statement: [
        { ...statement, Sid: 'A' },
        { ...statement, Sid: 'A' },
      ],
    },
    'identity',
    'Statement IDs (SID) in a single policy must be unique.',
  ],
  [resource({}), 'trust', 'Has prohibited field Resource'],
  [resource({ Resource: undefined, Principal: undefined }), 'trust', 'Missing required field Principal'],
  [resource({ Resource: undefined }), 'trust', 'AssumeRole policy may only specify STS AssumeRole actions.'],
  [resource({ Resource: undefined, Actions: 'x' }), 'trust', 'Unknown field Actions'],
  [
    resource({ Principal: { AWS: 'arn:aws:iam::000000000000:user/*' } }),
    'resource',
    'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/*"',
  ],
] satisfies [unknown, PolicyKind, string][])('%j as %s policy is refused: %s', (document, kind, text) => {
  expect(problemOf(document, kind)?.text).toBe(text);
});

test.each([
  [identity({ Condition: { StringLikes: { 'aws:SourceArn': 'x' } } }), 'unknown condition operator "StringLikes"'],
  [identity({ Condition: { NullIfExists: { 'aws:SourceArn': 'true' } } }), 'unknown condition operator "NullIfExists"'],
  [identity({ Condition: { NumericEquals: { 'sqs:Count': 'many' } } }), 'NumericEquals of "sqs:Count" cannot take'],
  [identity({ Condition: { IpAddress: { 'aws:SourceIp': '300.0.0.1' } } }), 'IpAddress of "aws:SourceIp" cannot take'],
  [identity({ Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } }), 'cannot take'],
  [identity({ Condition: { Bool: { 'aws:SecureTransport': 'yes' } } }), 'cannot take'],
  [identity({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns' } } }), 'cannot take'],
  [identity({ Resource: 'arn:aws:sqs:*:*:${' }), 'a variable that cannot be read'],
  [identity({ NotAction: 's3:*' }), 'both Action and NotAction'],
  [resource({ Principal: { Team: 'x' } }), 'unknown kind of principal "Team"'],
])('%j is refused when it is put, not ignored', (document, detail) => {
  const kind = 'Version' in document ? 'identity' : 'resource';
  expect(problemOf(document, kind)?.detail).toContain(detail);
});

test('a resource policy without a Version is one of 2008', () => {
  const parsed = parsePolicyDocument(JSON.stringify(resource({ Sid: 'any text at all' })), 'resource');
  expect(parsed).toMatchObject({ document: { version: '2008-10-17', statements: [{ sid: 'any text at all' }] } });
});
