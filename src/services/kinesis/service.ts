// The room of Kinesis Data Streams: its features, and what others may ask of it.

import { defineService } from '#cell/service-definition.ts';
import { channelsFeature } from './channels/feature.ts';
import { consumersFeature } from './consumers/feature.ts';
import { accessDenied } from './errors.ts';
import { composeFeatures } from './feature.ts';
import { streamSource } from './source.ts';
import { KinesisState, type KinesisTurn } from './state.ts';
import { streams } from './streams.ts';
import { acceptHandOver } from './target.ts';

const FEATURES = [streams, consumersFeature, channelsFeature];

export const kinesis = defineService<KinesisState>({
  name: 'kinesis',
  createState: () => new KinesisState(),
  ...composeFeatures(FEATURES),
  accessDenied,
  doors: () => ({
    target: { accept: (turn, handOver) => acceptHandOver(turn as KinesisTurn, handOver) },
    stream: streamSource,
  }),
});
