/** Woken when a shard of the stream has a new record, was closed, or the stream's shards changed or went. */
export function wakeKeyOf(streamArn: string): string {
  return `kinesis ${streamArn}`;
}
