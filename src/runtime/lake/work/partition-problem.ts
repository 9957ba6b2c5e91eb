// Why a record has no partition. The code and the first two texts are seen in error records of AWS.

export class PartitionProblem {
  constructor(
    readonly code: string,
    readonly message: string,
  ) {}
}

export function extractionFailed(message: string): PartitionProblem {
  return new PartitionProblem('DynamicPartitioning.MetadataExtractionFailed', message);
}

export function emptyKeys(): PartitionProblem {
  return extractionFailed('partitionKeys values must not be null or empty');
}

export function notJson(): PartitionProblem {
  return extractionFailed('Non JSON record provided');
}

/** AWS: "Understand custom prefixes", 512 characters once evaluated. Code and text: ours. */
export function prefixTooLong(): PartitionProblem {
  return new PartitionProblem('DynamicPartitioning.PrefixTooLong', 'The prefix is too long once it is evaluated.');
}

/** AWS: Firehose developer guide, "Data buffering and dynamic partitioning": what exceeds the limit goes to the error bucket. Code: ours. */
export function tooManyPartitions(partitionsMax: number): PartitionProblem {
  return new PartitionProblem(
    'DynamicPartitioning.ActivePartitionsLimitExceeded',
    `The record belongs to a partition beyond the ${partitionsMax} that may be active at the same time.`,
  );
}
