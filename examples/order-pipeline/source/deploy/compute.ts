// Roles, functions and what invokes them, created through the SDK from what the Terraform files say.

import { readFileSync } from 'node:fs';
import type { FunctionResponseType, Runtime } from '@aws-sdk/client-lambda';
import { makeIam, makeLambda, makeLogs, type Where } from '../clients.ts';
import { block, defined, list, optionalNumber, optionalText, text, texts } from './arguments.ts';
import type { Arguments, Create } from './evaluate.ts';

export function computeCreators(where: Where): Readonly<Record<string, Create>> {
  const iam = makeIam(where);
  const lambda = makeLambda(where);
  const logs = makeLogs(where);
  return {
    async aws_iam_role(args) {
      const given = { RoleName: text(args, 'name'), AssumeRolePolicyDocument: text(args, 'assume_role_policy') };
      const { Role } = await iam.createRole(given);
      return { id: text(args, 'name'), name: text(args, 'name'), arn: Role?.Arn ?? '' };
    },
    async aws_iam_role_policy(args) {
      const given = {
        RoleName: text(args, 'role'),
        PolicyName: text(args, 'name'),
        PolicyDocument: text(args, 'policy'),
      };
      await iam.putRolePolicy(given);
      return {};
    },
    async aws_iam_policy(args) {
      const given = { PolicyName: text(args, 'name'), PolicyDocument: text(args, 'policy') };
      const { Policy } = await iam.createPolicy(given);
      return { name: text(args, 'name'), arn: Policy?.Arn ?? '' };
    },
    async aws_iam_role_policy_attachment(args) {
      await iam.attachRolePolicy({ RoleName: text(args, 'role'), PolicyArn: text(args, 'policy_arn') });
      return {};
    },
    async aws_cloudwatch_log_group(args) {
      const logGroupName = text(args, 'name');
      await logs.createLogGroup({ logGroupName });
      const retentionInDays = optionalNumber(args, 'retention_in_days');
      if (retentionInDays !== undefined) await logs.putRetentionPolicy({ logGroupName, retentionInDays });
      const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
      const arn = logGroups.find((group) => group.logGroupName === logGroupName)?.logGroupArn ?? '';
      return { name: logGroupName, arn };
    },
    async aws_lambda_function(args) {
      const FunctionName = text(args, 'function_name');
      const { FunctionArn = '' } = await lambda.createFunction(functionOf(args));
      const reserved = optionalNumber(args, 'reserved_concurrent_executions');
      if (reserved !== undefined) {
        await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved });
      }
      return { function_name: FunctionName, arn: FunctionArn };
    },
    async aws_lambda_permission(args) {
      await lambda.addPermission(
        defined({
          FunctionName: text(args, 'function_name'),
          StatementId: text(args, 'statement_id'),
          Action: text(args, 'action'),
          Principal: text(args, 'principal'),
          SourceArn: optionalText(args, 'source_arn'),
        }),
      );
      return {};
    },
    async aws_lambda_function_event_invoke_config(args) {
      const destinations = block(args, 'destination_config');
      const failed = destinations === undefined ? undefined : block(destinations, 'on_failure');
      await lambda.putFunctionEventInvokeConfig(
        defined({
          FunctionName: text(args, 'function_name'),
          MaximumRetryAttempts: optionalNumber(args, 'maximum_retry_attempts'),
          MaximumEventAgeInSeconds: optionalNumber(args, 'maximum_event_age_in_seconds'),
          DestinationConfig:
            failed === undefined ? undefined : { OnFailure: { Destination: text(failed, 'destination') } },
        }),
      );
      return {};
    },
    async aws_lambda_event_source_mapping(args) {
      const { UUID = '' } = await lambda.createEventSourceMapping(
        defined({
          EventSourceArn: text(args, 'event_source_arn'),
          FunctionName: text(args, 'function_name'),
          BatchSize: optionalNumber(args, 'batch_size'),
          FunctionResponseTypes: list(args, 'function_response_types') as FunctionResponseType[],
        }),
      );
      return { uuid: UUID };
    },
  };
}

function functionOf(args: Arguments) {
  const environment = block(args, 'environment');
  return defined({
    FunctionName: text(args, 'function_name'),
    Role: text(args, 'role'),
    Runtime: text(args, 'runtime') as Runtime,
    Handler: text(args, 'handler'),
    Timeout: optionalNumber(args, 'timeout'),
    MemorySize: optionalNumber(args, 'memory_size'),
    Code: { ZipFile: readFileSync(text(args, 'filename')) },
    Environment: environment === undefined ? undefined : { Variables: texts(environment.values['variables']) },
  });
}
