// `eddy aws …`: the AWS CLI with the endpoint. The option is added rather than the variable alone, because version 1 of the CLI ignores
// AWS_ENDPOINT_URL for SQS and would call AWS.

import { clientEnvironment } from '../client-environment.ts';
import { runProgram } from '../run-program.ts';

export function awsArguments(args: readonly string[], endpoint: string): string[] {
  const namesEndpoint = args.some((arg) => arg === '--endpoint-url' || arg.startsWith('--endpoint-url='));
  return namesEndpoint ? [...args] : ['--endpoint-url', endpoint, ...args];
}

export function aws(args: readonly string[], endpoint: string): Promise<number> {
  return runProgram('aws', awsArguments(args, endpoint), clientEnvironment(endpoint, process.env));
}
