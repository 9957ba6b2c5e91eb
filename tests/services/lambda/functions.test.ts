import { beforeEach, describe, expect, test } from 'vitest';
import { CODE, LambdaTest, payloadOf, ROLE } from './lambda-cell.ts';

let tested: LambdaTest;
beforeEach(async () => {
  tested = await LambdaTest.open();
  tested.tidied.length = 0;
});

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:tested';

describe('functions', () => {
  test('a new function is shown as AWS shows one', async () => {
    await tested.create({ Environment: { Variables: { AA: 'b' } }, Tags: { team: 'x' }, Timeout: 30 });
    const shown = await tested.call('GetFunction', { FunctionName: 'tested' });
    expect(shown.Tags).toEqual({ team: 'x' });
    expect(shown.Configuration).toEqual({
      FunctionName: 'tested',
      FunctionArn: ARN,
      Runtime: 'python3.12',
      Role: ROLE,
      Handler: 'app.handler',
      CodeSize: CODE.length,
      Description: '',
      Timeout: 30,
      MemorySize: 128,
      LastModified: '2026-01-15T12:00:00.000+0000',
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      Version: '$LATEST',
      Environment: { Variables: { AA: 'b' } },
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/tested' },
    });
  });

  test('what Terraform sends by default is accepted', async () => {
    await tested.create({
      PackageType: 'Zip',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'PassThrough' },
      EphemeralStorage: { Size: 512 },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/tested' },
      Layers: [],
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
    });
  });

  test.each([
    [{ Layers: ['arn:aws:lambda:us-east-1:1:layer:x:1'] }, 'Layers is not available here.'],
    [{ VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: [] } }, 'VpcConfig is not available here.'],
    [{ TracingConfig: { Mode: 'Active' } }, 'TracingConfig.Mode Active is not available here.'],
    [{ SnapStart: { ApplyOn: 'PublishedVersions' } }, 'SnapStart is not available here.'],
    [{ EphemeralStorage: { Size: 1024 } }, 'EphemeralStorage other than 512 MB is not available here.'],
    [{ KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/x' }, 'KMSKeyArn is not available here.'],
    [{ PackageType: 'Image' }, 'PackageType Image is not available here.'],
    [{ Code: { S3Bucket: 'b', S3Key: 'k' } }, 'Code.S3Bucket is not available here.'],
    [
      { Code: { ZipFile: new Uint8Array(30) } },
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    ],
    [
      { Runtime: undefined },
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    ],
    [
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION',
    ],
  ])('CreateFunction refuses %j', async (input, message) => {
    expect(
      await tested.refusal('CreateFunction', {
        FunctionName: 'f',
        Role: ROLE,
        Runtime: 'python3.12',
        Handler: 'app.handler',
        Code: { ZipFile: CODE },
        ...input,
      } as never),
    ).toBe(`InvalidParameterValueException: ${message}`);
  });

  test('values out of bounds are named together', async () => {
    const input = {
      FunctionName: 'f',
      Role: 'me',
      Runtime: 'python3.12',
      Handler: 'h',
      Timeout: 901,
      Code: { ZipFile: CODE },
    };
    expect(await tested.refusal('CreateFunction', input)).toBe(
      "ValidationException: 2 validation errors detected: Value 'me' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+; Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
    );
  });

  test('a second function of the name is refused, and its package goes', async () => {
    await tested.create();
    expect(
      await tested.refusal('CreateFunction', {
        FunctionName: 'tested',
        Role: ROLE,
        Runtime: 'python3.12',
        Handler: 'a.b',
        Code: { ZipFile: CODE },
      }),
    ).toBe('ResourceConflictException: Function already exist: tested');
    await tested.cell.settle();
    expect(tested.tidied).toEqual([['delete-code', [expect.stringMatching(/^lambda-code-/)]]]);
  });

  test('a function is found by name, by parts and by ARN, and a missing one is named', async () => {
    await tested.create();
    for (const FunctionName of ['tested', '000000000000:function:tested', ARN, `${ARN}:$LATEST`, 'tested:$LATEST']) {
      const shown = await tested.call('GetFunctionConfiguration', { FunctionName });
      expect(shown.FunctionName).toBe('tested');
    }
    expect(await tested.refusal('GetFunction', { FunctionName: 'nowhere' })).toBe(
      'ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:000000000000:function:nowhere',
    );
    expect(await tested.refusal('GetFunction', { FunctionName: 'tested', Qualifier: 'live' })).toBe(
      `ResourceNotFoundException: Cannot find alias arn: ${ARN}:live`,
    );
  });

  test('deleting removes everything that belongs to the function', async () => {
    await tested.create({ Publish: true });
    await tested.call('CreateAlias', { FunctionName: 'tested', Name: 'live', FunctionVersion: '1' });
    await tested.call('DeleteFunction', { FunctionName: 'tested' });
    expect(await tested.refusal('GetAlias', { FunctionName: 'tested', Name: 'live' })).toMatch(
      /^ResourceNotFoundException/,
    );
    await tested.cell.settle();
    expect(tested.tidied.map(([performer]) => performer).sort()).toEqual([
      'delete-code',
      'retire-function',
      'retire-function',
    ]);
    await tested.create();
    expect((await tested.call('ListVersionsByFunction', { FunctionName: 'tested' })).Versions).toHaveLength(1);
  });

  test('an update gives a new revision, and the next invocation runs it', async () => {
    await tested.create();
    await tested.invoke(1);
    const updated = await tested.call('UpdateFunctionConfiguration', {
      FunctionName: 'tested',
      MemorySize: 256,
      Environment: { Variables: {} },
    });
    expect(updated).toMatchObject({ MemorySize: 256, Timeout: 3, Environment: { Variables: {} } });
    await tested.invoke(2);
    const [first, second] = tested.requests;
    expect(first?.functionKey).toBe(second?.functionKey);
    expect(first?.revision).not.toBe(second?.revision);
    expect(second?.config.memoryMb).toBe(256);
    expect(await tested.refusal('UpdateFunctionConfiguration', { FunctionName: 'tested', RevisionId: 'old' })).toMatch(
      /^PreconditionFailedException/,
    );
  });
});

describe('versions and aliases', () => {
  test('a version freezes code and settings, and is not made twice', async () => {
    await tested.create();
    expect(await tested.call('PublishVersion', { FunctionName: 'tested' })).toMatchObject({
      Version: '1',
      FunctionArn: `${ARN}:1`,
    });
    expect(await tested.call('PublishVersion', { FunctionName: 'tested' })).toMatchObject({ Version: '1' });
    await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Timeout: 9 });
    expect(await tested.call('PublishVersion', { FunctionName: 'tested', Description: 'two' })).toMatchObject({
      Version: '2',
      Timeout: 9,
      Description: 'two',
    });
    const { Versions } = await tested.call('ListVersionsByFunction', { FunctionName: 'tested' });
    expect(Versions?.map((version) => [version.Version, version.Timeout])).toEqual([
      ['$LATEST', 9],
      ['1', 3],
      ['2', 9],
    ]);
  });

  test('versions come page by page, $LATEST first, and no page is empty or longer than asked', async () => {
    await tested.create({ Publish: true });
    for (const Timeout of [4, 5]) {
      await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Timeout });
      await tested.call('PublishVersion', { FunctionName: 'tested' });
    }
    for (const MaxItems of [1, 2, 3, 4]) {
      const seen: (string | undefined)[] = [];
      let Marker: string | undefined;
      do {
        const asked = { FunctionName: 'tested', MaxItems, ...(Marker === undefined ? {} : { Marker }) };
        const { Versions = [], NextMarker } = await tested.call('ListVersionsByFunction', asked);
        expect(Versions.length).toBeGreaterThan(0);
        expect(Versions.length).toBeLessThanOrEqual(MaxItems);
        seen.push(...Versions.map(({ Version }) => Version));
        Marker = NextMarker;
      } while (Marker !== undefined);
      expect(seen).toEqual(['$LATEST', '1', '2', '3']);
    }
  });

  test.each(['ListVersionsByFunction', 'ListAliases', 'ListFunctionEventInvokeConfigs'] as const)(
    '%s of no items is refused',
    async (operation) => {
      await tested.create({ Publish: true });
      await tested.call('CreateAlias', { FunctionName: 'tested', Name: 'live', FunctionVersion: '1' });
      expect(await tested.refusal(operation, { FunctionName: 'tested', MaxItems: 0 })).toBe(
        "ValidationException: 1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
      );
    },
  );

  test('the same code or settings again make no new version', async () => {
    await tested.create({ Publish: true, Environment: { Variables: { AB: '1', CD: '2' } } });
    const { RevisionId } = await tested.call('GetFunctionConfiguration', { FunctionName: 'tested' });
    const again = await tested.call('UpdateFunctionCode', { FunctionName: 'tested', ZipFile: CODE, Publish: true });
    expect(again.Version).toBe('1');
    const Environment = { Variables: { CD: '2', AB: '1' } };
    const settings = await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Environment });
    expect(settings.RevisionId).not.toBe(RevisionId);
    expect((await tested.call('PublishVersion', { FunctionName: 'tested' })).Version).toBe('1');
    await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Timeout: 9 });
    expect((await tested.call('PublishVersion', { FunctionName: 'tested' })).Version).toBe('2');
  });

  test.each([
    ['UpdateFunctionCode', { ZipFile: CODE }],
    ['UpdateFunctionConfiguration', { Timeout: 9 }],
    ['PublishVersion', {}],
    ['PutFunctionConcurrency', { ReservedConcurrentExecutions: 1 }],
    ['DeleteFunctionConcurrency', {}],
  ] as const)('%s of a version or an alias is refused, and $LATEST stays as it is', async (operation, more) => {
    await tested.create({ Publish: true });
    await tested.call('CreateAlias', { FunctionName: 'tested', Name: 'live', FunctionVersion: '1' });
    const before = await tested.call('GetFunction', { FunctionName: 'tested' });
    for (const FunctionName of ['tested:1', 'tested:live', `${ARN}:1`]) {
      expect(await tested.refusal(operation, { FunctionName, ...more })).toBe(
        'InvalidParameterValueException: This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
      );
    }
    expect(await tested.call('GetFunction', { FunctionName: 'tested' })).toEqual(before);
  });

  test('an alias names a version, and a version in use stays', async () => {
    await tested.create({ Publish: true });
    const alias = { FunctionName: 'tested', Name: 'live', FunctionVersion: '1' };
    expect(await tested.call('CreateAlias', alias)).toMatchObject({ AliasArn: `${ARN}:live`, FunctionVersion: '1' });
    expect(await tested.refusal('CreateAlias', alias)).toBe(
      `ResourceConflictException: Alias already exists: ${ARN}:live`,
    );
    expect(await tested.refusal('CreateAlias', { ...alias, Name: 'x', FunctionVersion: '7' })).toBe(
      `ResourceNotFoundException: Function not found: ${ARN}:7`,
    );
    expect(await tested.refusal('DeleteFunction', { FunctionName: 'tested', Qualifier: '1' })).toMatch(
      /used by aliases: live/,
    );
    const reply = await tested.invoke(1, { Qualifier: 'live' });
    expect(reply.ExecutedVersion).toBe('1');
    expect(tested.requests[0]?.invokedArn).toBe(`${ARN}:live`);
  });

  test('an alias with weights sends a share to the second version', async () => {
    await tested.create({ Publish: true });
    await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Timeout: 9 });
    await tested.call('PublishVersion', { FunctionName: 'tested' });
    const RoutingConfig = { AdditionalVersionWeights: { '2': 0.25 } };
    await tested.call('CreateAlias', { FunctionName: 'tested', Name: 'live', FunctionVersion: '1', RoutingConfig });
    const counts: Record<string, number> = {};
    for (let i = 0; i < 200; i += 1) {
      const { ExecutedVersion = '' } = await tested.invoke(i, { Qualifier: 'live' });
      counts[ExecutedVersion] = (counts[ExecutedVersion] ?? 0) + 1;
    }
    expect(counts['2']).toBeGreaterThan(20);
    expect(counts['1']).toBeGreaterThan(100);
  });
});

describe('permissions', () => {
  test.each([
    ['SourceArn', 'topic'],
    ['SourceAccount', '12345'],
    ['EventSourceToken', 'a b'],
    ['PrincipalOrgID', 'mine'],
  ])('a %s that could never hold is refused', async (member, value) => {
    await tested.create();
    const permission = { FunctionName: 'tested', StatementId: 's', Action: 'lambda:InvokeFunction', Principal: '*' };
    expect(await tested.refusal('AddPermission', { ...permission, [member]: value })).toContain(
      `ValidationException: 1 validation error detected: Value '${value}' at '${member[0]?.toLowerCase()}${member.slice(1)}'`,
    );
  });

  test('the first statement may name the revision of the function, the next the policy’s', async () => {
    await tested.create();
    const { RevisionId } = await tested.call('GetFunctionConfiguration', { FunctionName: 'tested' });
    const permission = { FunctionName: 'tested', Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' };
    await tested.call('AddPermission', { ...permission, StatementId: 'one', RevisionId: RevisionId! });
    expect(await tested.refusal('AddPermission', { ...permission, StatementId: 'two', RevisionId: 'old' })).toBe(
      'PreconditionFailedException: The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id',
    );
    const policy = await tested.call('GetPolicy', { FunctionName: 'tested' });
    await tested.call('AddPermission', { ...permission, StatementId: 'two', RevisionId: policy.RevisionId! });
  });

  test('a statement is shown as AWS writes it, and goes by its id', async () => {
    await tested.create();
    const permission = {
      FunctionName: 'tested',
      StatementId: 'sns',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: 'arn:aws:sns:us-east-1:000000000000:t',
    };
    const { Statement } = await tested.call('AddPermission', permission);
    const statement = {
      Sid: 'sns',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: ARN,
      Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:us-east-1:000000000000:t' } },
    };
    expect(JSON.parse(Statement as string)).toEqual(statement);
    const { Policy } = await tested.call('GetPolicy', { FunctionName: 'tested' });
    expect(JSON.parse(Policy as string)).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement] });
    expect(await tested.refusal('AddPermission', permission)).toMatch(
      /^ResourceConflictException: The statement id \(sns\) provided already exists/,
    );
    await tested.call('RemovePermission', { FunctionName: 'tested', StatementId: 'sns' });
    expect(await tested.refusal('GetPolicy', { FunctionName: 'tested' })).toBe(
      'ResourceNotFoundException: The resource you requested does not exist.',
    );
  });
});

describe('Invoke', () => {
  beforeEach(() => tested.create());

  test('answers with the function’s answer, and the tail of its log when asked', async () => {
    tested.handler = (event: { n: number }) => ({ doubled: event.n * 2 });
    const reply = await tested.invoke({ n: 21 }, { LogType: 'Tail' });
    expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', LogResult: 'dGFpbA==' });
    expect(payloadOf(reply)).toEqual({ doubled: 42 });
    expect(reply).not.toHaveProperty('FunctionError');
  });

  test('a function’s error is a 200 with X-Amz-Function-Error', async () => {
    tested.handler = () => {
      throw new TypeError('no');
    };
    const reply = await tested.invoke({});
    expect(reply).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(payloadOf(reply)).toEqual({ errorMessage: 'no', errorType: 'TypeError' });
  });

  test('its lines are in CloudWatch Logs', async () => {
    await tested.invoke({});
    const { events } = await tested.cell.call<{ events: { message: string }[] }>('logs', 'FilterLogEvents', {
      logGroupName: '/aws/lambda/tested',
    });
    expect(events.map((event) => event.message)).toEqual([`END RequestId: ${tested.requests[0]?.requestId}`]);
  });

  test('a dry run runs nothing', async () => {
    expect(await tested.invoke({}, { InvocationType: 'DryRun' })).toEqual({ StatusCode: 204 });
    expect(tested.requests).toEqual([]);
  });

  test('bodies that are not JSON or too large are refused', async () => {
    const FunctionName = 'tested';
    expect(await tested.refusal('Invoke', { FunctionName, Payload: new TextEncoder().encode('{') })).toMatch(
      /^InvalidRequestContentException: Could not parse request body into json/,
    );
    expect(await tested.refusal('Invoke', { FunctionName, Payload: new Uint8Array(6 * 1024 * 1024 + 1) })).toBe(
      'RequestTooLargeException: Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    );
    expect(
      await tested.refusal('Invoke', {
        FunctionName,
        InvocationType: 'Event',
        Payload: new Uint8Array(1024 * 1024 + 1),
      }),
    ).toMatch(/^RequestTooLargeException/);
  });

  test('more than the reserved concurrency is refused', async () => {
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 1 });
    tested.held = [];
    const first = await tested.begin('lambda', 'Invoke', { FunctionName: 'tested' });
    expect(tested.cell.cell.isIdle).toBe(false);
    const second = await tested.begin('lambda', 'Invoke', { FunctionName: 'tested' });
    expect(second.reply).toMatchObject({
      refused: { code: 'TooManyRequestsException', status: 429, message: 'Rate Exceeded.' },
    });
    tested.held[0]?.answer('done');
    await tested.cell.settle();
    expect(first.reply).toMatchObject({ output: { StatusCode: 200 } });
    tested.held = undefined;
    expect(await tested.invoke({})).toMatchObject({ StatusCode: 200 });
  });

  test('without a role of that name the process gets the account as its key', async () => {
    await tested.invoke({});
    expect(tested.requests[0]?.config.credentials.accessKeyId).toBe('000000000000');
    expect(tested.requests[0]?.config.endpointUrl).toBe('http://127.0.0.1:4566');
  });
});

test.each([
  [{ 'aws:team': 'x' }, 'aws: prefixed tag key names are not allowed for external use.'],
  [{ '': 'x' }, 'Member must have length greater than or equal to 1'],
  [{ ['k'.repeat(129)]: 'x' }, 'Member must have length less than or equal to 128'],
  [{ team: 'v'.repeat(257) }, 'Member must have length less than or equal to 256'],
  [{ team: '#' }, 'Member must satisfy regular expression pattern'],
])('tags that AWS does not take are refused when a function is made and when it is tagged: %j', async (Tags, text) => {
  await tested.create({});
  expect(await tested.refusal('TagResource', { Resource: ARN, Tags })).toContain(text);
  expect(await tested.call('ListTags', { Resource: ARN })).toEqual({ Tags: {} });
  await tested.call('DeleteFunction', { FunctionName: 'tested' });
  await expect(tested.create({ Tags })).rejects.toThrow(text);
});

test('tags belong to the function', async () => {
  const Resource = await tested.create();
  await tested.call('TagResource', { Resource, Tags: { a: '1', b: '2' } });
  await tested.call('UntagResource', { Resource, TagKeys: ['a'] });
  expect(await tested.call('ListTags', { Resource })).toEqual({ Tags: { b: '2' } });
  expect(await tested.refusal('ListTags', { Resource: `${Resource}:1` })).toMatch(
    /aliases and versions are not supported/,
  );
});

test('lists are paged, and markers are sealed', async () => {
  for (const FunctionName of ['a', 'b', 'c']) await tested.create({ FunctionName });
  const first = await tested.call('ListFunctions', { MaxItems: 2 });
  expect(first.Functions?.map((shown) => shown.FunctionName)).toEqual(['a', 'b']);
  const second = await tested.call('ListFunctions', { Marker: first.NextMarker });
  expect(second.Functions?.map((shown) => shown.FunctionName)).toEqual(['c']);
  expect(second.NextMarker).toBeUndefined();
  expect(await tested.refusal('ListFunctions', { Marker: 'abcd' })).toMatch(/marker is invalid/);
});

test('functions are there after a restart', async () => {
  await tested.create({ Publish: true });
  for (const clean of [false, true]) {
    await tested.restart({ clean });
    expect(await tested.call('GetFunctionConfiguration', { FunctionName: 'tested', Qualifier: '1' })).toMatchObject({
      Version: '1',
    });
  }
  expect(tested.tidied.at(-1)).toEqual(['sweep-code', [expect.stringMatching(/^lambda-code-/)]]);
});
