// Channels: what comes to a stream goes into objects of a bucket, every five minutes or so. AWS: developer guide, "Amazon S3 delivery".

import type { Feature } from '../feature.ts';
import { facts, RUN_TIMER, readProgress, tables, writeProgress } from './apply.ts';
import { createChannel } from './create-channel.ts';
import { OBJECT_MADE, objectMade, runChannel } from './deliver.ts';
import { deleteChannel, describeChannel, listChannels, updateChannel } from './operations.ts';

export const channelsFeature: Feature = {
  tables,
  facts,
  operations: {
    CreateChannel: createChannel,
    DeleteChannel: deleteChannel,
    DescribeChannel: describeChannel,
    ListChannels: listChannels,
    UpdateChannel: updateChannel,
  },
  timers: { [RUN_TIMER]: runChannel },
  reactions: { [OBJECT_MADE]: objectMade },
  snapshot: { write: writeProgress, read: readProgress },
};
