// What a function's process sees as its environment: the function's own variables and Lambda's reserved ones, and nothing
// of this server's environment except what a program needs to start.
// Source: AWS Lambda developer guide, "Defined runtime environment variables".

import type { FunctionConfig } from '#services/lambda/invocation.ts';

export interface Place {
  readonly taskRoot: string;
  /** The environment's own folder for temporary files. */
  readonly temporaryFolder: string;
  readonly runtimeApi: string;
  readonly logStream: string;
}

export function environmentVariables(config: FunctionConfig, place: Place): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ...config.environment,
    HOME: place.temporaryFolder,
    TMPDIR: place.temporaryFolder,
    PYTHONPYCACHEPREFIX: `${place.taskRoot}.pyc`,
    _HANDLER: config.handler,
    AWS_REGION: config.region,
    AWS_DEFAULT_REGION: config.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: config.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: config.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    AWS_ACCESS_KEY: config.credentials.accessKeyId,
    AWS_ACCESS_KEY_ID: config.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: config.credentials.sessionToken,
    AWS_ENDPOINT_URL: config.environment['AWS_ENDPOINT_URL'] ?? config.endpointUrl,
    LAMBDA_TASK_ROOT: place.taskRoot,
    LAMBDA_RUNTIME_DIR: place.taskRoot,
  };
}
