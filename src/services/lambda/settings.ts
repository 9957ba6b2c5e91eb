// A function's settings out of a request: checked, merged with what was set before, or refused by name. Settings that AWS has
// and this server does not are accepted only with the value that means "not used".
// Source: Lambda API reference, CreateFunction and UpdateFunctionConfiguration.

import { utf8Length } from '#base/bytes.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { CreateFunctionInput, UpdateFunctionConfigurationInput } from '#wire/generated/lambda.ts';
import type { CodeReference, FunctionSettings } from './documents.ts';
import {
  environmentReserved,
  environmentTooLarge,
  invalidParameter,
  mandatoryForZip,
  notAvailable,
  validationFailed,
} from './errors.ts';
import {
  ENVIRONMENT_BYTES_MAX,
  EPHEMERAL_MB,
  MEMORY_MB,
  MEMORY_MB_DEFAULT,
  TIMEOUT_SECONDS,
  TIMEOUT_SECONDS_DEFAULT,
} from './limits.ts';

export type SettingsInput = Omit<CreateFunctionInput, 'Code'> & UpdateFunctionConfigurationInput;

const ROLE = {
  test: /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
  shown: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
};
const HANDLER = { test: /^[^\s]+$/, shown: '[^\\s]+' };
const VARIABLE = /^[a-zA-Z]([a-zA-Z0-9_])+$/;
const RUNTIME =
  /^(python3\.\d+|nodejs\d+\.x|provided(\.al2(023)?)?|java\d+(\.al2)?|dotnet(core)?\d+(\.\d)?|ruby\d\.\d|go1\.x)$/;

/** AWS, "Defined runtime environment variables": the reserved ones. */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

export interface SettingsOf {
  readonly input: SettingsInput;
  readonly before: FunctionSettings | undefined;
  readonly code: CodeReference;
  readonly name: string;
  readonly revisionId: string;
  readonly nowMs: number;
}

export function readSettings(given: SettingsOf): FunctionSettings | Refused {
  const { input, before } = given;
  const problem = valuesProblem(input, before) ?? unavailableProblem(input) ?? environmentProblem(input);
  if (problem !== undefined) return refuse(problem);
  const environment = input.Environment === undefined ? before?.environment : input.Environment.Variables;
  const deadLetterArn =
    input.DeadLetterConfig === undefined ? before?.deadLetterArn : input.DeadLetterConfig.TargetArn || undefined;
  const logGroup = input.LoggingConfig === undefined ? before?.logGroup : input.LoggingConfig.LogGroup;
  const hasOwnGroup = logGroup !== undefined && logGroup !== `/aws/lambda/${given.name}`;
  return {
    runtime: (input.Runtime ?? before?.runtime) as string,
    role: (input.Role ?? before?.role) as string,
    handler: (input.Handler ?? before?.handler) as string,
    description: input.Description ?? before?.description ?? '',
    timeoutSeconds: input.Timeout ?? before?.timeoutSeconds ?? TIMEOUT_SECONDS_DEFAULT,
    memoryMb: input.MemorySize ?? before?.memoryMb ?? MEMORY_MB_DEFAULT,
    ...(environment === undefined ? {} : { environment }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    ...(hasOwnGroup ? { logGroup } : {}),
    architecture: input.Architectures?.[0] ?? before?.architecture ?? 'x86_64',
    code: given.code,
    revisionId: given.revisionId,
    lastModifiedMs: given.nowMs,
  };
}

function valuesProblem(input: SettingsInput, before: FunctionSettings | undefined): AwsError | undefined {
  const validation = new Validation()
    .pattern('role', input.Role, ROLE)
    .pattern('handler', input.Handler, HANDLER)
    .length('handler', input.Handler, { max: 128 })
    .length('description', input.Description, { max: 256 })
    .range('timeout', input.Timeout, TIMEOUT_SECONDS)
    .range('memorySize', input.MemorySize, MEMORY_MB)
    .length('architectures', input.Architectures, { min: 1, max: 1 })
    .oneOf('packageType', input.PackageType, ['Image', 'Zip']);
  for (const architecture of input.Architectures ?? []) {
    validation.oneOf('architectures', architecture, ['x86_64', 'arm64']);
  }
  if (before === undefined) validation.required('role', input.Role);
  if (validation.text !== undefined) return validationFailed(validation.text);
  if (input.PackageType === 'Image') return notAvailable('PackageType Image');
  if (before === undefined && (input.Runtime === undefined || input.Handler === undefined)) return mandatoryForZip();
  if (input.Runtime !== undefined && !RUNTIME.test(input.Runtime)) {
    const text = `Value ${input.Runtime} at 'runtime' failed to satisfy constraint: Member must be a runtime's identifier or be a valid ARN`;
    return invalidParameter(text);
  }
  return deadLetterProblem(input.DeadLetterConfig?.TargetArn);
}

function deadLetterProblem(arn: string | undefined): AwsError | undefined {
  if (arn === undefined || arn === '') return undefined;
  const service = parseArn(arn)?.service;
  // AWS: developer guide, "Dead-letter queues": standard ones. The text is not AWS's.
  const isStandard = (service === 'sqs' || service === 'sns') && !arn.endsWith('.fifo');
  return isStandard
    ? undefined
    : invalidParameter(`The dead-letter target ${arn} is no standard queue and no standard topic.`);
}

function unavailableProblem(input: SettingsInput): AwsError | undefined {
  const { LoggingConfig: logging, VpcConfig: vpc } = input;
  const used: readonly (readonly [parameter: string, isUsed: boolean])[] = [
    ['Layers', (input.Layers ?? []).length > 0],
    ['VpcConfig', (vpc?.SubnetIds ?? []).length > 0 || (vpc?.SecurityGroupIds ?? []).length > 0],
    ['FileSystemConfigs', (input.FileSystemConfigs ?? []).length > 0],
    ['KMSKeyArn', (input.KMSKeyArn ?? '') !== ''],
    ['CodeSigningConfigArn', input.CodeSigningConfigArn !== undefined],
    ['ImageConfig', hasMembers(input.ImageConfig)],
    ['TracingConfig.Mode Active', (input.TracingConfig?.Mode ?? 'PassThrough') !== 'PassThrough'],
    ['SnapStart', (input.SnapStart?.ApplyOn ?? 'None') !== 'None'],
    ['EphemeralStorage other than 512 MB', (input.EphemeralStorage?.Size ?? EPHEMERAL_MB) !== EPHEMERAL_MB],
    ['LoggingConfig.LogFormat JSON', (logging?.LogFormat ?? 'Text') !== 'Text'],
    ['LoggingConfig.ApplicationLogLevel', logging?.ApplicationLogLevel !== undefined],
    ['LoggingConfig.SystemLogLevel', logging?.SystemLogLevel !== undefined],
    ['TenancyConfig', input.TenancyConfig !== undefined],
    ['CapacityProviderConfig', input.CapacityProviderConfig !== undefined],
    ['DurableConfig', input.DurableConfig !== undefined],
    ['PublishTo', input.PublishTo !== undefined],
  ];
  const found = used.find(([, isUsed]) => isUsed);
  return found === undefined ? undefined : notAvailable(found[0]);
}

function hasMembers(value: object | undefined): boolean {
  return value !== undefined && Object.values(value).some((member) => member !== undefined);
}

function environmentProblem(input: SettingsInput): AwsError | undefined {
  const variables = input.Environment?.Variables;
  if (variables === undefined) return undefined;
  const names = Object.keys(variables);
  if (names.some((name) => !VARIABLE.test(name))) {
    const constraint =
      'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]';
    return validationFailed(
      `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: ${constraint}`,
    );
  }
  const reserved = names.filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0) return environmentReserved(reserved);
  const shown = JSON.stringify(variables);
  return utf8Length(shown) > ENVIRONMENT_BYTES_MAX ? environmentTooLarge(shown) : undefined;
}
