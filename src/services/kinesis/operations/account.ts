// DescribeLimits, DescribeAccountSettings, UpdateAccountSettings: what belongs to the account and not to a stream.

import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type {
  DescribeAccountSettingsOutput,
  DescribeLimitsOutput,
  UpdateAccountSettingsInput,
} from '#wire/generated/kinesis.ts';
import { commitmentView, earliestEndMs, setCommitment } from '../account.ts';
import { validationError, validationRefusal } from '../errors.ts';
import { CHANNELS_PER_STREAM_MAX, ON_DEMAND_STREAM_QUOTA, SHARD_QUOTA } from '../limits.ts';
import { channelCount, onDemandStreamCount, openShardCount } from '../quotas.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { checks } from '../validation.ts';

const onAccount = (action: string) => (turn: KinesisTurn) => ({
  action: `kinesis:${action}`,
  resource: '*',
  resourceAccount: turn.scope.account,
});

/** AWS's quotas are told also where they are not enforced: tools ask before they create. */
export const describeLimits = operation<KinesisState, object, DescribeLimitsOutput>({
  authorize: onAccount('DescribeLimits'),
  decide: (turn): Reply<DescribeLimitsOutput> => ({
    output: {
      ShardLimit: SHARD_QUOTA,
      OpenShardCount: openShardCount(turn),
      OnDemandStreamCount: onDemandStreamCount(turn),
      OnDemandStreamCountLimit: ON_DEMAND_STREAM_QUOTA,
      ChannelCount: channelCount(turn),
      ChannelCountLimit: ON_DEMAND_STREAM_QUOTA * CHANNELS_PER_STREAM_MAX,
    },
  }),
});

export const describeAccountSettings = operation<KinesisState, object, DescribeAccountSettingsOutput>({
  authorize: onAccount('DescribeAccountSettings'),
  decide: (turn): Reply<DescribeAccountSettingsOutput> => ({
    output: { MinimumThroughputBillingCommitment: commitmentView(turn) },
  }),
});

export const updateAccountSettings = operation<KinesisState, UpdateAccountSettingsInput, DescribeAccountSettingsOutput>(
  {
    authorize: onAccount('UpdateAccountSettings'),
    decide(turn, { MinimumThroughputBillingCommitment: commitment }): Reply<DescribeAccountSettingsOutput> {
      const invalid = validationRefusal(
        checks()
          .required('minimumThroughputBillingCommitment', commitment)
          .required('minimumThroughputBillingCommitment.status', commitment === undefined ? '' : commitment.Status)
          .oneOf('minimumThroughputBillingCommitment.status', commitment?.Status, ['ENABLED', 'DISABLED']),
      );
      if (invalid !== undefined) return invalid;
      const isWanted = commitment?.Status === 'ENABLED';
      const earliestMs = earliestEndMs(turn);
      // The text is not AWS's.
      if (!isWanted && turn.limits.mode === 'aws' && earliestMs !== undefined && turn.nowMs < earliestMs) {
        return refuse(validationError('The minimum throughput billing commitment cannot end within 24 hours.'));
      }
      setCommitment(turn, isWanted);
      return { output: { MinimumThroughputBillingCommitment: commitmentView(turn) } };
    },
  },
);
