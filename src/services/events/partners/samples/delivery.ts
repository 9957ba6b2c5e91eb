// Building and delivering software. Sources: CodePipeline user guide, "Monitoring CodePipeline events"; CodeBuild user guide, "Build notifications
// input format reference"; CodeCommit user guide, "referenceCreated event"; CodeDeploy user guide, "Monitoring deployments with Amazon CloudWatch
// Events"; CloudFormation user guide, "Event detail for CloudFormation stack events"; Step Functions developer guide, "Step Functions event examples".

import { type Sample, sampleOf } from './sample.ts';

const PIPELINE_ARN = 'arn:{partition}:codepipeline:{region}:{account}:myPipeline';
const PIPELINE = {
  pipeline: 'myPipeline',
  'execution-id': '{uuid}',
  'start-time': '{time}',
  version: 1,
  'pipeline-execution-attempt': 1,
};
const BUILD_ARN = 'arn:{partition}:codebuild:{region}:{account}:build/SampleProjectName:{uuid}';
const STACK_ARN = 'arn:{partition}:cloudformation:{region}:{account}:stack/teststack/{uuid}';
const EXECUTION_ARN = 'arn:{partition}:states:{region}:{account}:execution:state-machine-name:execution-name';

export const deliverySamples: readonly Sample[] = [
  sampleOf('codepipeline', 'CodePipeline Pipeline Execution State Change', [PIPELINE_ARN])({
    ...PIPELINE,
    'execution-trigger': {
      'trigger-type': 'StartPipelineExecution',
      'trigger-detail': 'arn:{partition}:sts::{account}:assumed-role/Admin/my-user',
    },
    state: 'STARTED',
  }),
  sampleOf('codepipeline', 'CodePipeline Stage Execution State Change', [PIPELINE_ARN])({
    ...PIPELINE,
    stage: 'Prod',
    state: 'STARTED',
  }),
  sampleOf('codepipeline', 'CodePipeline Action Execution State Change', [PIPELINE_ARN])({
    ...PIPELINE,
    stage: 'Prod',
    action: 'myAction',
    'action-execution-id': '{uuid}',
    state: 'STARTED',
    region: '{region}',
    type: { owner: 'AWS', category: 'Deploy', provider: 'CodeDeploy', version: '1' },
    'input-artifacts': [
      {
        name: 'SourceArtifact',
        s3location: { bucket: 'codepipeline-{region}-BUCKETEXAMPLE', key: 'myPipeline/SourceArti/KEYEXAMPLE' },
      },
    ],
  }),
  sampleOf('codebuild', 'CodeBuild Build State Change', [BUILD_ARN])({
    'build-status': 'SUCCEEDED',
    'project-name': 'SampleProjectName',
    'build-id': BUILD_ARN,
    'additional-information': {
      artifact: {
        md5sum: 'da9c44c8a9a3cd4b443126e823168fEX',
        location: 'arn:{partition}:s3:::codebuild-output-bucket',
      },
      environment: {
        image: 'aws/codebuild/standard:5.0',
        'privileged-mode': false,
        'compute-type': 'BUILD_GENERAL1_SMALL',
        type: 'LINUX_CONTAINER',
        'environment-variables': [],
      },
      'timeout-in-minutes': 60,
      'build-complete': true,
      initiator: 'MyCodeBuildDemoUser',
      'build-start-time': '{time}',
      source: { location: 'codebuild-input-bucket/my-input-artifact.zip', type: 'S3' },
      logs: { 'group-name': '/aws/codebuild/SampleProjectName', 'stream-name': '{uuid}' },
    },
    'current-phase': 'COMPLETED',
    'current-phase-context': '[]',
    version: '1',
  }),
  sampleOf('codecommit', 'CodeCommit Repository State Change', [
    'arn:{partition}:codecommit:{region}:{account}:MyDemoRepo',
  ])({
    event: 'referenceCreated',
    repositoryName: 'MyDemoRepo',
    repositoryId: '{uuid}',
    referenceType: 'branch',
    referenceName: 'myBranch',
    referenceFullName: 'refs/heads/myBranch',
    commitId: '3e5983DESTINATION',
    callerUserArn: 'arn:{partition}:iam::{account}:user/Mary_Major',
  }),
  sampleOf('codedeploy', 'CodeDeploy Deployment State-change Notification', [
    'arn:{partition}:codedeploy:{region}:{account}:application:myApplication',
    'arn:{partition}:codedeploy:{region}:{account}:deploymentgroup:myApplication/myDeploymentGroup',
  ])({
    region: '{region}',
    deploymentId: 'd-123456789',
    instanceGroupId: '{uuid}',
    deploymentGroup: 'myDeploymentGroup',
    state: 'SUCCESS',
    application: 'myApplication',
  }),
  sampleOf('cloudformation', 'CloudFormation Stack Status Change', [STACK_ARN])({
    'stack-id': STACK_ARN,
    'status-details': { status: 'CREATE_COMPLETE', 'status-reason': '' },
    'client-request-token': '{uuid}',
  }),
  sampleOf('states', 'Step Functions Execution Status Change', [EXECUTION_ARN])({
    executionArn: EXECUTION_ARN,
    stateMachineArn: 'arn:{partition}:states:{region}:{account}:stateMachine:state-machine',
    name: 'execution-name',
    status: 'SUCCEEDED',
    startDate: 1_547_148_840_101,
    stopDate: 1_547_148_840_122,
    input: '{}',
    output: '"Hello World!"',
    inputDetails: { included: true },
    outputDetails: { included: true },
    error: null,
    cause: null,
  }),
];
