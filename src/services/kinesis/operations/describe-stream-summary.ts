import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DescribeStreamSummaryInput, DescribeStreamSummaryOutput } from '#wire/generated/kinesis.ts';
import { consumerCountOf } from '../consumer-count.ts';
import { findStream, onStream } from '../find-stream.ts';
import type { KinesisState } from '../state.ts';
import { summaryView } from '../views.ts';

export const describeStreamSummary = operation<KinesisState, DescribeStreamSummaryInput, DescribeStreamSummaryOutput>({
  authorize: onStream('DescribeStreamSummary'),
  decide(turn, input): Reply<DescribeStreamSummaryOutput> {
    const stream = findStream(turn, input);
    if (isRefused(stream)) return stream;
    const { channels } = turn.state;
    const counts = {
      ConsumerCount: consumerCountOf(turn.state, stream),
      ChannelCount: channels.docs.by('byStream', String(stream.doc.number)).length,
    };
    return { output: { StreamDescriptionSummary: summaryView(stream, counts) } };
  },
});
