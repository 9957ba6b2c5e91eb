import { expect, test } from 'vitest';
import type { Principal } from '#model/principal.ts';
import { rootOf } from '#model/principal.ts';
import { evaluate } from './evaluate.ts';
import type { AccessRequest, NamedPolicy } from './request.ts';
import { renderMiss } from './verdict.ts';

const HOME = '000000000000';
const AWAY = '111111111111';
const QUEUE = `arn:aws:sqs:us-east-1:${HOME}:orders`;
const TOPIC = `arn:aws:sns:us-east-1:${HOME}:events`;
const ann: Principal = {
  kind: 'user',
  account: HOME,
  arn: `arn:aws:iam::${HOME}:user/ann`,
  userId: 'AIDAANN0000000000000',
};
const worker: Principal = {
  kind: 'session',
  account: HOME,
  arn: `arn:aws:sts::${HOME}:assumed-role/worker/s1`,
  roleArn: `arn:aws:iam::${HOME}:role/worker`,
  userId: 'AROAWORKER0000000000:s1',
};
const sns: Principal = { kind: 'service', service: 'sns.amazonaws.com', sourceArn: TOPIC, account: HOME };

type Statement = Record<string, unknown>;
const policy = (name: string, ...statements: Statement[]): NamedPolicy => ({
  name,
  text: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
});
const allow = (change: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: '*',
  ...change,
});
const deny = (change: Statement = {}): Statement => ({ ...allow(change), Effect: 'Deny' });
const ask = (change: Partial<AccessRequest>) =>
  evaluate({
    principal: ann,
    action: 'sqs:SendMessage',
    resource: QUEUE,
    resourceAccount: HOME,
    context: {},
    identityPolicies: [],
    ...change,
  });

const away = (principal: Principal): Principal => ({ ...principal, account: AWAY }) as Principal;
const SEND = policy('send', allow());
const open = (principal: unknown): NamedPolicy => policy('queue', allow({ Principal: principal }));

const notPrincipal = (...named: string[]): Partial<AccessRequest> => ({
  identityPolicies: [SEND],
  resourcePolicy: policy('queue', deny({ NotPrincipal: { AWS: named } })),
});

// AWS: IAM user guide, "Policy evaluation for requests within a single account" and "Cross-account policy evaluation".
test.each<[string, Partial<AccessRequest>, string]>([
  ['root at home needs no policy', { principal: rootOf(HOME) }, 'allow'],
  [
    'root is bound by an explicit deny of the resource',
    { principal: rootOf(HOME), resourcePolicy: policy('queue', deny({ Principal: '*' })) },
    'explicit-deny',
  ],
  ['root of another account needs the resource to allow', { principal: rootOf(AWAY) }, 'implicit-deny'],
  [
    'root of another account that the resource names',
    { principal: rootOf(AWAY), resourcePolicy: open({ AWS: AWAY }) },
    'allow',
  ],
  ['a user without any policy', {}, 'implicit-deny'],
  ['a user with an identity policy', { identityPolicies: [SEND] }, 'allow'],
  ['a user whom only the resource names', { resourcePolicy: open({ AWS: ann.arn }) }, 'allow'],
  ['a user by unique id', { resourcePolicy: open({ AWS: 'AIDAANN0000000000000' }) }, 'allow'],
  ['everybody', { resourcePolicy: open('*') }, 'allow'],
  [
    'naming the account only delegates to its own policies',
    { resourcePolicy: open({ AWS: `arn:aws:iam::${HOME}:root` }) },
    'implicit-deny',
  ],
  [
    'an explicit deny wins over an allow',
    { identityPolicies: [SEND, policy('no', deny({ Resource: QUEUE }))] },
    'explicit-deny',
  ],
  [
    'a resource that denies, an identity that allows',
    { identityPolicies: [SEND], resourcePolicy: policy('queue', deny({ Principal: { AWS: ann.arn } })) },
    'explicit-deny',
  ],
  [
    'a boundary that leaves it out',
    { identityPolicies: [SEND], permissionsBoundary: policy('edge', allow({ Action: 's3:*' })) },
    'implicit-deny',
  ],
  ['a boundary that holds it', { identityPolicies: [SEND], permissionsBoundary: SEND }, 'allow'],
  ['a boundary gives nothing', { permissionsBoundary: SEND }, 'implicit-deny'],
  [
    'a user named by the resource passes his boundary',
    { resourcePolicy: open({ AWS: ann.arn }), permissionsBoundary: policy('edge', allow({ Action: 's3:*' })) },
    'allow',
  ],
  [
    'a session policy narrows the role',
    { principal: worker, identityPolicies: [SEND], sessionPolicies: [policy('s', allow({ Action: 's3:*' }))] },
    'implicit-deny',
  ],
  [
    'a role named by the resource is still narrowed by the session policy',
    {
      principal: worker,
      resourcePolicy: open({ AWS: worker.roleArn }),
      sessionPolicies: [policy('s', allow({ Action: 's3:*' }))],
    },
    'implicit-deny',
  ],
  [
    'a session named by the resource is not',
    {
      principal: worker,
      resourcePolicy: open({ AWS: worker.arn }),
      sessionPolicies: [policy('s', allow({ Action: 's3:*' }))],
    },
    'allow',
  ],
  ['another account: identity alone', { principal: away(ann), identityPolicies: [SEND] }, 'implicit-deny'],
  ['another account: resource alone', { principal: away(ann), resourcePolicy: open({ AWS: AWAY }) }, 'implicit-deny'],
  [
    'another account: both',
    { principal: away(ann), identityPolicies: [SEND], resourcePolicy: open({ AWS: AWAY }) },
    'allow',
  ],
  ['nobody, closed', { principal: { kind: 'anonymous' } }, 'implicit-deny'],
  ['nobody, open to everybody', { principal: { kind: 'anonymous' }, resourcePolicy: open('*') }, 'allow'],
  [
    'nobody is not an account',
    { principal: { kind: 'anonymous' }, resourcePolicy: open({ AWS: HOME }) },
    'implicit-deny',
  ],
  ['a service without a resource policy', { principal: sns }, 'implicit-deny'],
  [
    'a service that the resource names',
    { principal: sns, resourcePolicy: open({ Service: 'sns.amazonaws.com' }) },
    'allow',
  ],
  [
    'a service for the right source',
    {
      principal: sns,
      resourcePolicy: policy(
        'queue',
        allow({ Principal: { Service: 'sns.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } }),
      ),
    },
    'allow',
  ],
  [
    'a service for another source: the confused deputy',
    {
      principal: sns,
      resourcePolicy: policy(
        'queue',
        allow({ Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': AWAY } } }),
      ),
    },
    'implicit-deny',
  ],
  ['NotPrincipal', { resourcePolicy: policy('queue', deny({ NotPrincipal: { AWS: worker.arn } })) }, 'explicit-deny'],
  ['NotPrincipal that names the user and the account', notPrincipal(ann.arn, HOME), 'allow'],
  ['NotPrincipal that names the account: not who is in it', notPrincipal(HOME), 'explicit-deny'],
  ['NotPrincipal that names the user alone: not the account', notPrincipal(ann.arn), 'explicit-deny'],
  ['NotPrincipal that names the account, for its root', { ...notPrincipal(HOME), principal: rootOf(HOME) }, 'allow'],
  [
    'NotPrincipal that names a session’s role and the account',
    { ...notPrincipal(worker.roleArn, HOME), principal: worker },
    'allow',
  ],
  [
    'NotPrincipal always denies who has a permissions boundary',
    { ...notPrincipal(ann.arn, HOME), permissionsBoundary: SEND },
    'explicit-deny',
  ],
  [
    'NotAction and NotResource',
    {
      identityPolicies: [
        policy('p', allow({ Action: undefined, NotAction: 'iam:*', Resource: undefined, NotResource: TOPIC })),
      ],
    },
    'allow',
  ],
  [
    'actions have no case, wildcards count',
    { identityPolicies: [policy('p', allow({ Action: 'SQS:send*', Resource: 'arn:aws:sqs:*:*:ord?rs' }))] },
    'allow',
  ],
  [
    'a variable in the resource',
    {
      identityPolicies: [policy('p', allow({ Resource: `arn:aws:sqs:*:*:\${aws:username}-*` }))],
      resource: `${QUEUE}-x`,
    },
    'implicit-deny',
  ],
])('%s', (_title, change, decision) => {
  expect(ask(change).decision).toBe(decision);
});

test('a trust policy must allow even at home, and an account in it asks for an identity policy too', () => {
  const trust = (principal: unknown): NamedPolicy => ({
    name: 'trust',
    text: JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal } }),
  });
  const assume = (change: Partial<AccessRequest>) =>
    ask({ action: 'sts:AssumeRole', resource: `arn:aws:iam::${HOME}:role/r`, isTrustPolicy: true, ...change }).decision;
  const identityPolicies = [policy('assume', allow({ Action: 'sts:AssumeRole' }))];
  expect(assume({ resourcePolicy: trust({ AWS: AWAY }), identityPolicies })).toBe('implicit-deny');
  expect(assume({ resourcePolicy: trust({ AWS: ann.arn }) })).toBe('allow');
  expect(assume({ resourcePolicy: trust({ AWS: HOME }) })).toBe('implicit-deny');
  expect(assume({ resourcePolicy: trust({ AWS: HOME }), identityPolicies })).toBe('allow');
  expect(assume({ principal: rootOf(HOME), resourcePolicy: trust({ Service: 'lambda.amazonaws.com' }) })).toBe(
    'implicit-deny',
  );
});

// AWS: IAM user guide, "Troubleshoot access denied error messages".
test.each<[Partial<AccessRequest>, string]>([
  [
    {},
    `User: ${ann.arn} is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
  ],
  [
    { principal: away(ann) },
    `User: ${ann.arn} is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} because no resource-based policy allows the sqs:SendMessage action`,
  ],
  [
    { identityPolicies: [policy('no', deny())] },
    `User: ${ann.arn} is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} with an explicit deny in an identity-based policy`,
  ],
  [
    { identityPolicies: [SEND], permissionsBoundary: policy('edge', allow({ Action: 's3:*' })) },
    `User: ${ann.arn} is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} because no permissions boundary allows the sqs:SendMessage action`,
  ],
])('the text of a denial is AWS’s (%#)', (change, text) => {
  expect(ask(change).text).toBe(text);
});

test('a denial names the statement that decided', () => {
  const verdict = ask({ identityPolicies: [SEND, policy('arn:p', deny({ Sid: 'NoSending' }))] });
  expect(verdict.decidedBy).toEqual([{ role: 'identity-based policy', policy: 'arn:p', statement: 'NoSending' }]);
  expect(verdict.reason).toBe('denied by statement NoSending of the identity-based policy arn:p');
});

test('a missing allow explains itself by the statement that came nearest, down to the condition key', () => {
  const other = `arn:aws:sns:us-east-1:${HOME}:Events`;
  const resourcePolicy = policy(
    'queue policy',
    allow({
      Sid: 'Topic',
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': other } },
    }),
    allow({ Sid: 'Receive', Principal: '*', Action: 'sqs:ReceiveMessage' }),
  );
  const verdict = ask({ principal: sns, resourcePolicy });
  expect(verdict.misses()).toEqual([
    {
      role: 'resource-based policy',
      policy: 'queue policy',
      statement: 'Topic',
      effect: 'Allow',
      element: 'Condition',
      condition: { operator: 'ArnEquals', key: 'aws:SourceArn' },
      expected: [other],
      found: [TOPIC],
      hint: `differs from ${other} only in upper and lower case`,
    },
  ]);
  expect(verdict.misses().map(renderMiss)).toEqual([
    `statement Topic of the resource-based policy queue policy: ArnEquals aws:SourceArn expected ${other}, found ${TOPIC} (differs from ${other} only in upper and lower case)`,
  ]);
});

test('an ARN that differs in one part says which', () => {
  const elsewhere = QUEUE.replace('us-east-1', 'eu-west-1');
  const verdict = ask({ identityPolicies: [policy('p', allow({ Resource: elsewhere }))] });
  expect(verdict.misses()[0]).toMatchObject({
    element: 'Resource',
    hint: `differs from ${elsewhere} only in the region`,
  });
});

test('a condition on a key that the request lacks says so', () => {
  const verdict = ask({
    identityPolicies: [policy('p', allow({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': true } } }))],
  });
  expect(verdict.misses().map(renderMiss)[0]).toContain('expected true, the request has no such key');
});
