// Operating and securing. Sources: CloudWatch user guide, "Alarm events and EventBridge"; Health user guide, "AWS Health events Amazon EventBridge
// schema"; GuardDuty user guide, "Processing GuardDuty findings with Amazon EventBridge"; EventBridge user guide, "Creating a rule that runs on a
// schedule", "AWS service events delivered via CloudTrail"; Sign-In user guide, "Console sign-in events".

import { type Sample, sampleOf } from './sample.ts';

const ALARM_ARN = 'arn:{partition}:cloudwatch:{region}:{account}:alarm:ServerCpuTooHigh';
const CPU = {
  metricStat: {
    metric: { namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: { InstanceId: 'i-12345678901234567' } },
    period: 300,
    stat: 'Average',
  },
};

export const operationsSamples: readonly Sample[] = [
  sampleOf('cloudwatch', 'CloudWatch Alarm State Change', [ALARM_ARN])({
    alarmName: 'ServerCpuTooHigh',
    configuration: {
      description: 'Goes into alarm when server CPU utilization is too high!',
      metrics: [{ id: '30b6c6b2-a864-43a2-4877-c09a1afc3b87', ...CPU, returnData: true }],
    },
    previousState: {
      reason: 'Threshold Crossed: 1 out of the last 1 datapoints was not greater than the threshold (50.0).',
      reasonData: '{"version":"1.0","threshold":50.0}',
      timestamp: '{time}',
      value: 'OK',
    },
    state: {
      reason:
        'Threshold Crossed: 1 out of the last 1 datapoints [99.50160229693434] was greater than the threshold (50.0).',
      reasonData: '{"version":"1.0","threshold":50.0}',
      timestamp: '{time}',
      value: 'ALARM',
    },
  }),
  sampleOf(
    'health',
    'AWS Health Event',
    [],
  )({
    eventArn: 'arn:{partition}:health:{region}::event/AWS_ELASTICLOADBALANCING_API_ISSUE_90353408594353983',
    service: 'ELASTICLOADBALANCING',
    eventTypeCode: 'AWS_ELASTICLOADBALANCING_OPERATIONAL_ISSUE',
    eventTypeCategory: 'issue',
    eventScopeCode: 'ACCOUNT_SPECIFIC',
    communicationId: '{uuid}',
    startTime: '{time}',
    lastUpdatedTime: '{time}',
    statusCode: 'open',
    eventRegion: '{region}',
    eventDescription: [{ language: 'en_US', latestDescription: 'A description of the event will be provided here' }],
    affectedAccount: '{account}',
    page: '1',
    totalPages: '1',
  }),
  sampleOf(
    'guardduty',
    'GuardDuty Finding',
    [],
  )({
    schemaVersion: '2.0',
    accountId: '{account}',
    region: '{region}',
    partition: '{partition}',
    id: '16afba5c5c43e07c9e3e5e2e544e95df',
    arn: 'arn:{partition}:guardduty:{region}:{account}:detector/123456789012/finding/16afba5c5c43e07c9e3e5e2e544e95df',
    type: 'Canary:EC2/Stateless.IntegTest',
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-05746eb48123455e0' } },
    service: {
      serviceName: 'guardduty',
      detectorId: '123456789012',
      action: { actionType: 'AWS_API_CALL' },
      eventFirstSeen: '{time}',
      eventLastSeen: '{time}',
      archived: false,
      count: 1,
    },
    severity: 5,
    createdAt: '{time}',
    updatedAt: '{time}',
    title: 'An EC2 instance behaves unusually.',
    description: 'An EC2 instance behaves unusually.',
  }),
  sampleOf('events', 'Scheduled Event', ['arn:{partition}:events:{region}:{account}:rule/my-schedule'])({}),
  sampleOf(
    'sts',
    'AWS API Call via CloudTrail',
    [],
  )({
    eventVersion: '1.08',
    userIdentity: { type: 'IAMUser', accountId: '{account}', userName: 'Mary_Major' },
    eventTime: '{time}',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: '{region}',
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli/2.15.0',
    requestParameters: { roleArn: 'arn:{partition}:iam::{account}:role/Admin', roleSessionName: 'my-session' },
    responseElements: null,
    requestID: '{uuid}',
    eventID: '{uuid}',
    eventType: 'AwsApiCall',
    managementEvent: true,
    eventCategory: 'Management',
  }),
  sampleOf(
    'signin',
    'AWS Console Sign In via CloudTrail',
    [],
  )({
    eventVersion: '1.08',
    userIdentity: { type: 'IAMUser', accountId: '{account}', userName: 'Mary_Major' },
    eventTime: '{time}',
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    awsRegion: '{region}',
    sourceIPAddress: '192.0.2.1',
    userAgent: 'Mozilla/5.0',
    requestParameters: null,
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MobileVersion: 'No', MFAUsed: 'Yes' },
    eventID: '{uuid}',
    eventType: 'AwsConsoleSignIn',
  }),
];
