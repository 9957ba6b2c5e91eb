// Which shard gets a record: AWS: API reference, CreateStream, RecordDistributionStrategy. Only AWS's default is here: the partition key decides.

import type { AwsError } from '#model/aws-error.ts';
import type { StreamMode } from './documents.ts';
import { invalidArgument, notAvailable } from './errors.ts';

/** What is wrong with a strategy that is given. The text about the mode is not AWS's. */
export function distributionProblem(mode: StreamMode, strategy: string | undefined): AwsError | undefined {
  if (strategy === undefined) return undefined;
  if (strategy === 'AUTO') return notAvailable('RecordDistributionStrategy AUTO');
  if (mode === 'ON_DEMAND') return undefined;
  return invalidArgument('RecordDistributionStrategy is only for streams with capacity mode ON_DEMAND.');
}
