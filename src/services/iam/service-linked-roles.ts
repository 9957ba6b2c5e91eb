// Roles that AWS's services have in every account, with policies that nobody changes. They are nowhere stored, and are no answer of ListRoles: here they only
// speak for the service. AWS: CloudWatch Logs user guide, "Logs sent to Firehose" (the policy's text).

import { parseArn } from '#model/arn.ts';
import type { NamedPolicy } from '#model/policy/request.ts';

const LOG_DELIVERY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Action: ['firehose:PutRecord', 'firehose:PutRecordBatch', 'firehose:ListTagsForDeliveryStream'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/LogDeliveryEnabled': 'true' } },
      Effect: 'Allow',
    },
  ],
});

const POLICIES: ReadonlyMap<string, string> = new Map([
  ['role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery', LOG_DELIVERY],
]);

export function serviceLinkedPolicies(roleArn: string): readonly NamedPolicy[] {
  const text = POLICIES.get(parseArn(roleArn)?.resource ?? '');
  return text === undefined ? [] : [{ name: `policy of ${roleArn}`, text }];
}
