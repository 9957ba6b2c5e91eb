import { factKind, field } from '#cell/fact.ts';

/** Every record of the shard before `next` is in an object, or was none of the channel's. In the entry of the object. */
export const ChannelAdvanced = factKind({
  id: 0xb20,
  name: 'ChannelAdvanced',
  fields: { channel: field.u32, shard: field.count, next: field.count, records: field.count },
});

/** A channel began to deliver what has come. */
export const ChannelRunStarted = factKind({
  id: 0xb21,
  name: 'ChannelRunStarted',
  fields: { channel: field.u32, nextRunAtMs: field.number },
});

/** Objects could not be written; the next run tries again. */
export const ChannelRunFailed = factKind({
  id: 0xb22,
  name: 'ChannelRunFailed',
  fields: { channel: field.u32, reason: field.text },
});
