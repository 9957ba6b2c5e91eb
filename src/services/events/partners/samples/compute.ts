// Computing and containers. Sources: EC2 user guides, "State change events for your instances" and "Spot Instance interruption notices"; EBS user
// guide, "Amazon EventBridge events for Amazon EBS"; EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling events"; ECS developer guide, "Amazon
// ECS task state change events"; ECR user guide, "Amazon ECR events and EventBridge"; Batch user guide, "AWS Batch events".

import { type Sample, sampleOf } from './sample.ts';

const INSTANCE = 'i-1234567890abcdef0';
const INSTANCE_ARN = `arn:{partition}:ec2:{region}:{account}:instance/${INSTANCE}`;
const GROUP_ARN =
  'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/my-auto-scaling-group';
const TASK_ARN = 'arn:{partition}:ecs:{region}:{account}:task/my-cluster/c13b4cb40f1f4fe4a2971f76ae5a47ad';
const JOB_ARN = 'arn:{partition}:batch:{region}:{account}:job/{uuid}';

const ACTIVITY = {
  RequestId: '{uuid}',
  ActivityId: '{uuid}',
  AutoScalingGroupName: 'my-auto-scaling-group',
  StatusCode: 'InProgress',
  StatusMessage: '',
  Cause: 'At {time} an instance was changed in response to a difference between desired and actual capacity.',
  StartTime: '{time}',
  EndTime: '{time}',
  EC2InstanceId: INSTANCE,
  Details: { 'Availability Zone': '{region}b', 'Subnet ID': 'subnet-0123456789abcdef0' },
};

export const computeSamples: readonly Sample[] = [
  sampleOf('ec2', 'EC2 Instance State-change Notification', [INSTANCE_ARN])({
    'instance-id': INSTANCE,
    state: 'running',
  }),
  sampleOf('ec2', 'EC2 Spot Instance Interruption Warning', [INSTANCE_ARN])({
    'instance-id': INSTANCE,
    'instance-action': 'terminate',
  }),
  sampleOf('ec2', 'EBS Snapshot Notification', ['arn:{partition}:ec2::{region}:snapshot/snap-01234567'])({
    event: 'createSnapshot',
    result: 'succeeded',
    cause: '',
    'request-id': '{uuid}',
    snapshot_id: 'arn:{partition}:ec2::{region}:snapshot/snap-01234567',
    source: 'arn:{partition}:ec2::{region}:volume/vol-01234567',
    startTime: '{time}',
    endTime: '{time}',
  }),
  sampleOf('autoscaling', 'EC2 Instance Launch Successful', [GROUP_ARN, INSTANCE_ARN])({
    ...ACTIVITY,
    Description: `Launching a new EC2 instance: ${INSTANCE}`,
    Origin: 'EC2',
    Destination: 'AutoScalingGroup',
  }),
  sampleOf('autoscaling', 'EC2 Instance Launch Unsuccessful', [GROUP_ARN, INSTANCE_ARN])({
    ...ACTIVITY,
    StatusCode: 'Failed',
    StatusMessage: 'You have requested more instances than your current instance limit allows for.',
    Description: 'Launching a new EC2 instance',
    Origin: 'EC2',
    Destination: 'AutoScalingGroup',
  }),
  sampleOf('autoscaling', 'EC2 Instance Terminate Successful', [GROUP_ARN, INSTANCE_ARN])({
    ...ACTIVITY,
    Description: `Terminating EC2 instance: ${INSTANCE}`,
    Origin: 'AutoScalingGroup',
    Destination: 'EC2',
  }),
  sampleOf('ecs', 'ECS Task State Change', [TASK_ARN])({
    availabilityZone: '{region}c',
    clusterArn: 'arn:{partition}:ecs:{region}:{account}:cluster/my-cluster',
    connectivity: 'CONNECTED',
    connectivityAt: '{time}',
    containers: [
      {
        containerArn: 'arn:{partition}:ecs:{region}:{account}:container/{uuid}',
        exitCode: 0,
        lastStatus: 'STOPPED',
        name: 'my-container',
        image: '{account}.dkr.ecr.{region}.amazonaws.com/my-image:latest',
        taskArn: TASK_ARN,
        networkInterfaces: [],
        cpu: '0',
      },
    ],
    cpu: '256',
    createdAt: '{time}',
    desiredStatus: 'STOPPED',
    group: 'family:my-task',
    launchType: 'FARGATE',
    lastStatus: 'STOPPED',
    memory: '512',
    overrides: { containerOverrides: [{ name: 'my-container' }] },
    platformVersion: '1.4.0',
    startedAt: '{time}',
    stoppedAt: '{time}',
    stoppedReason: 'Essential container in task exited',
    stopCode: 'EssentialContainerExited',
    taskArn: TASK_ARN,
    taskDefinitionArn: 'arn:{partition}:ecs:{region}:{account}:task-definition/my-task:1',
    updatedAt: '{time}',
    version: 3,
  }),
  sampleOf(
    'ecr',
    'ECR Image Action',
    [],
  )({
    result: 'SUCCESS',
    'repository-name': 'my-repository-name',
    'image-digest': 'sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234a1b2',
    'action-type': 'PUSH',
    'image-tag': 'latest',
  }),
  sampleOf('batch', 'Batch Job State Change', [JOB_ARN])({
    jobArn: JOB_ARN,
    jobName: 'event-test',
    jobId: '{uuid}',
    jobQueue: 'arn:{partition}:batch:{region}:{account}:job-queue/my-job-queue',
    status: 'SUCCEEDED',
    attempts: [],
    createdAt: 1_641_944_200_058,
    dependsOn: [],
    jobDefinition: 'arn:{partition}:batch:{region}:{account}:job-definition/my-job:1',
    parameters: {},
  }),
];
