// What AWS answers when the source of a move task is not given, malformed or missing.

import type { AwsError } from '#model/aws-error.ts';
import { invalidParameterValue, missingParameter, resourceNotFound } from './errors.ts';
import { queueKeyOfArn } from './queue.ts';

export function sourceQueueMissing(arn: string | undefined): AwsError {
  if (arn === undefined || arn === '') return missingParameter('SourceArn');
  if (queueKeyOfArn(arn) === undefined) {
    return invalidParameterValue(
      'You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
    );
  }
  return resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
}
