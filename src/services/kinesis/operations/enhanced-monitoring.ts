// EnableEnhancedMonitoring and DisableEnhancedMonitoring: which counters of its shards a stream shows under `/_eddy/metrics`.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { EnableEnhancedMonitoringInput, EnhancedMonitoringOutput } from '#wire/generated/kinesis.ts';
import { findStream, onStream } from '../find-stream.ts';
import { ALL_METRICS, SHARD_METRICS } from '../metrics.ts';
import type { KinesisState } from '../state.ts';
import { updateStream } from '../update-stream.ts';

function change(action: string, next: (before: readonly string[], given: ReadonlySet<string>) => readonly string[]) {
  return operation<KinesisState, EnableEnhancedMonitoringInput, EnhancedMonitoringOutput>({
    authorize: onStream(action),
    decide(turn, input): Reply<EnhancedMonitoringOutput> {
      const { ShardLevelMetrics } = input;
      const stream = findStream(turn, input, (validation) => {
        validation
          .required('shardLevelMetrics', ShardLevelMetrics)
          .length('shardLevelMetrics', ShardLevelMetrics, { min: 1, max: SHARD_METRICS.length });
        for (const metric of ShardLevelMetrics ?? []) {
          validation.oneOf('shardLevelMetrics', metric, [...SHARD_METRICS, ALL_METRICS]);
        }
        return validation;
      });
      if (isRefused(stream)) return stream;
      const given = new Set(ShardLevelMetrics?.includes(ALL_METRICS) ? SHARD_METRICS : ShardLevelMetrics);
      const { name, arn, shardLevelMetrics: before } = stream.doc;
      const after = next(before, given);
      updateStream(turn, stream, { shardLevelMetrics: after });
      return {
        output: {
          StreamName: name,
          StreamARN: arn,
          CurrentShardLevelMetrics: before,
          DesiredShardLevelMetrics: after,
        },
      };
    },
  });
}

export const enableEnhancedMonitoring = change('EnableEnhancedMonitoring', (before, given) =>
  SHARD_METRICS.filter((metric) => before.includes(metric) || given.has(metric)),
);

export const disableEnhancedMonitoring = change('DisableEnhancedMonitoring', (before, given) =>
  before.filter((metric) => !given.has(metric)),
);
