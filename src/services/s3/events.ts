// Names of what can happen to objects. AWS: S3 user guide, "Supported event types for SQS, SNS, and Lambda". Those of features that are not done
// here may be asked for; they do not happen.

export type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Post'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'LifecycleExpiration:Delete'
  | 'LifecycleExpiration:DeleteMarkerCreated'
  | 'ObjectTagging:Put'
  | 'ObjectTagging:Delete';

const NAMES: readonly string[] = [
  'ReducedRedundancyLostObject',
  'ObjectCreated:Put',
  'ObjectCreated:Post',
  'ObjectCreated:Copy',
  'ObjectCreated:CompleteMultipartUpload',
  'ObjectRemoved:Delete',
  'ObjectRemoved:DeleteMarkerCreated',
  'ObjectRestore:Post',
  'ObjectRestore:Completed',
  'ObjectRestore:Delete',
  'Replication:OperationFailedReplication',
  'Replication:OperationMissedThreshold',
  'Replication:OperationReplicatedAfterThreshold',
  'Replication:OperationNotTracked',
  'LifecycleExpiration:Delete',
  'LifecycleExpiration:DeleteMarkerCreated',
  'LifecycleTransition',
  'IntelligentTiering',
  'ObjectTagging:Put',
  'ObjectTagging:Delete',
  'ObjectAcl:Put',
];

/** What `s3:ObjectCreated:*` or `s3:ObjectCreated:Put` asks for; none: there is no such event. */
export function namesOf(event: string): readonly string[] {
  const name = event.replace(/^s3:/, '');
  if (name === event) return [];
  if (!name.endsWith(':*')) return NAMES.filter((known) => known === name);
  const kind = name.slice(0, -1);
  return NAMES.filter((known) => known.startsWith(kind));
}
