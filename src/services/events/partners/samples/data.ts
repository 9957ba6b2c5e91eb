// Storage and databases. Sources: S3 user guide, "EventBridge event message structure"; RDS user guide, "Working with Amazon RDS event notification";
// Glue developer guide, "Automating with EventBridge"; Systems Manager user guide, "EventBridge events for Parameter Store"; KMS developer guide,
// "Monitoring with Amazon EventBridge"; DynamoDB and Secrets Manager send theirs through CloudTrail (see operations.ts).

import { type Sample, sampleOf } from './sample.ts';

const BUCKET_ARN = 'arn:{partition}:s3:::amzn-s3-demo-bucket1';
const OBJECT = {
  version: '0',
  bucket: { name: 'amzn-s3-demo-bucket1' },
  'request-id': 'N4N7GDK58NMKJ12R',
  requester: '{account}',
  'source-ip-address': '1.2.3.4',
};
const DATABASE_ARN = 'arn:{partition}:rds:{region}:{account}:db:my-db-instance';
const KEY_ARN = 'arn:{partition}:kms:{region}:{account}:key/{uuid}';

export const dataSamples: readonly Sample[] = [
  sampleOf('s3', 'Object Created', [BUCKET_ARN])({
    ...OBJECT,
    object: {
      key: 'example-key',
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
      sequencer: '617f08299329d189',
    },
    reason: 'PutObject',
  }),
  sampleOf('s3', 'Object Deleted', [BUCKET_ARN])({
    ...OBJECT,
    object: {
      key: 'example-key',
      etag: 'd41d8cd98f00b204e9800998ecf8427e',
      'version-id': '1QW9g1Z99LUNbvaaYVpW9xDlOLU.qxgF',
      sequencer: '617f0837b476e463',
    },
    reason: 'DeleteObject',
    'deletion-type': 'Delete Marker Created',
  }),
  sampleOf('s3', 'Object Restore Completed', [BUCKET_ARN])({
    ...OBJECT,
    object: {
      key: 'example-key',
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': 'KKsjUC1.6gIjqtvhfg5AdMI0eCePIiT3',
      sequencer: '617f0837b476e463',
    },
    requester: 's3.amazonaws.com',
    'restore-expiry-time': '2030-11-13T00:00:00Z',
    'source-storage-class': 'GLACIER',
  }),
  sampleOf('rds', 'RDS DB Instance Event', [DATABASE_ARN])({
    EventCategories: ['failover'],
    SourceType: 'DB_INSTANCE',
    SourceArn: DATABASE_ARN,
    Date: '{time}',
    Message: 'A Multi-AZ failover has completed.',
    SourceIdentifier: 'my-db-instance',
    EventID: 'RDS-EVENT-0049',
  }),
  sampleOf(
    'glue',
    'Glue Job State Change',
    [],
  )({
    jobName: 'MyJob',
    severity: 'INFO',
    state: 'SUCCEEDED',
    jobRunId: 'jr_abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789',
    message: 'Job run succeeded',
  }),
  sampleOf('ssm', 'Parameter Store Change', ['arn:{partition}:ssm:{region}:{account}:parameter/MyExampleParameter'])({
    operation: 'Create',
    name: 'MyExampleParameter',
    type: 'String',
    description: 'Sample Parameter',
  }),
  sampleOf('kms', 'KMS CMK Rotation', [KEY_ARN])({ 'key-id': '{uuid}' }),
];
