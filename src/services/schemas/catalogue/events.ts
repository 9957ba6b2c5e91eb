// Events of AWS's services, written down from their documentation: what `aws.events` holds here. AWS's own registry had about 1,070 schemas in 2026;
// these are the ones whose fields are documented completely enough to be said without guessing. A question mark ends the name of a field that is
// not always there.

export type FieldKind =
  | 'text'
  | 'date-time'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'object'
  | 'text or null'
  | 'integer or null';
export interface Fields {
  readonly [name: string]: FieldKind | Fields | readonly [FieldKind | Fields];
}

export interface AwsEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Fields;
}

/** S3 user guide, "EventBridge event message structure". */
const S3_OBJECT_EVENT: Fields = {
  version: 'text',
  'event-version?': 'text',
  bucket: { name: 'text' },
  'request-id': 'text',
  requester: 'text',
  'source-ip-address?': 'text',
  reason: 'text',
};

/** User guide, "EventBridge events detail reference". */
const SCHEMA_EVENT: Fields = {
  SchemaName: 'text',
  SchemaType: 'text',
  RegistryName: 'text',
  CreationDate: 'date-time',
  Version: 'text',
};

/** CloudWatch user guide, "Alarm events and EventBridge". */
const ALARM_STATE: Fields = { reason: 'text', 'reasonData?': 'text', timestamp: 'text', value: 'text' };

export const AWS_EVENTS: readonly AwsEvent[] = [
  // Certificate Manager user guide, "Amazon EventBridge support for ACM".
  {
    source: 'aws.acm',
    detailType: 'ACM Certificate Approaching Expiration',
    detail: { DaysToExpiry: 'integer', CommonName: 'text' },
  },
  // EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference".
  {
    source: 'aws.autoscaling',
    detailType: 'EC2 Instance-launch Lifecycle Action',
    detail: {
      LifecycleActionToken: 'text',
      AutoScalingGroupName: 'text',
      LifecycleHookName: 'text',
      EC2InstanceId: 'text',
      LifecycleTransition: 'text',
      'NotificationMetadata?': 'text',
      'Origin?': 'text',
      'Destination?': 'text',
    },
  },
  {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    detail: {
      alarmName: 'text',
      configuration: { 'description?': 'text', 'metrics?': ['object'] },
      previousState: ALARM_STATE,
      state: ALARM_STATE,
    },
  },
  // CodeCommit user guide, "Monitoring CodeCommit events".
  {
    source: 'aws.codecommit',
    detailType: 'CodeCommit Repository State Change',
    detail: {
      event: 'text',
      repositoryName: 'text',
      repositoryId: 'text',
      referenceType: 'text',
      referenceName: 'text',
      referenceFullName: 'text',
      'commitId?': 'text',
      'oldCommitId?': 'text',
    },
  },
  // CodePipeline user guide, "Monitoring CodePipeline events".
  {
    source: 'aws.codepipeline',
    detailType: 'CodePipeline Pipeline Execution State Change',
    detail: {
      pipeline: 'text',
      'execution-id': 'text',
      state: 'text',
      version: 'number',
      'execution-trigger?': { 'trigger-type': 'text', 'trigger-detail': 'text' },
    },
  },
  // EC2 user guide, "State change events for your instances" and "Spot Instance interruption notices"; AWS CLI examples, export-schema.
  {
    source: 'aws.ec2',
    detailType: 'EC2 Instance State-change Notification',
    detail: { 'instance-id': 'text', state: 'text' },
  },
  {
    source: 'aws.ec2',
    detailType: 'EC2 Spot Instance Interruption Warning',
    detail: { 'instance-id': 'text', 'instance-action': 'text' },
  },
  // EBS user guide, "EventBridge events for EBS".
  {
    source: 'aws.ec2',
    detailType: 'EBS Volume Notification',
    detail: { result: 'text', cause: 'text', event: 'text', 'request-id': 'text' },
  },
  // ECR user guide, "Sample events from Amazon ECR".
  {
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    detail: {
      result: 'text',
      'repository-name': 'text',
      'image-digest': 'text',
      'action-type': 'text',
      'image-tag?': 'text',
    },
  },
  { source: 'aws.events', detailType: 'Scheduled Event', detail: {} },
  // Glue developer guide, "Automating AWS Glue with EventBridge".
  {
    source: 'aws.glue',
    detailType: 'Glue Job State Change',
    detail: { jobName: 'text', severity: 'text', state: 'text', jobRunId: 'text', message: 'text' },
  },
  // KMS developer guide, "Monitor KMS keys with Amazon EventBridge".
  { source: 'aws.kms', detailType: 'KMS CMK Deletion', detail: { 'key-id': 'text' } },
  { source: 'aws.kms', detailType: 'KMS CMK Rotation', detail: { 'key-id': 'text' } },
  // RDS user guide, "Example of a DB instance event".
  {
    source: 'aws.rds',
    detailType: 'RDS DB Instance Event',
    detail: {
      EventCategories: ['text'],
      SourceType: 'text',
      SourceArn: 'text',
      Date: 'date-time',
      Message: 'text',
      SourceIdentifier: 'text',
      EventID: 'text',
    },
  },
  {
    source: 'aws.s3',
    detailType: 'Object Created',
    detail: {
      ...S3_OBJECT_EVENT,
      object: { key: 'text', size: 'integer', etag: 'text', 'version-id?': 'text', sequencer: 'text' },
    },
  },
  {
    source: 'aws.s3',
    detailType: 'Object Deleted',
    detail: {
      ...S3_OBJECT_EVENT,
      object: { key: 'text', 'etag?': 'text', 'version-id?': 'text', 'sequencer?': 'text' },
      'deletion-type': 'text',
    },
  },
  { source: 'aws.schemas', detailType: 'Schema Created', detail: SCHEMA_EVENT },
  { source: 'aws.schemas', detailType: 'Schema Version Created', detail: SCHEMA_EVENT },
  // Systems Manager user guide, "EventBridge event examples for Systems Manager".
  {
    source: 'aws.ssm',
    detailType: 'Parameter Store Change',
    detail: { operation: 'text', name: 'text', type: 'text', 'description?': 'text' },
  },
  // CloudFormation template reference, AWS::EventSchemas::Schema, and the Step Functions developer guide.
  {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    detail: {
      executionArn: 'text',
      stateMachineArn: 'text',
      name: 'text',
      status: 'text',
      startDate: 'integer',
      stopDate: 'integer or null',
      input: 'text or null',
      output: 'text or null',
    },
  },
  // Transcribe developer guide, "Using EventBridge with Amazon Transcribe".
  {
    source: 'aws.transcribe',
    detailType: 'Transcribe Job State Change',
    detail: { TranscriptionJobName: 'text', TranscriptionJobStatus: 'text', 'FailureReason?': 'text' },
  },
];
