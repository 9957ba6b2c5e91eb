import { expect, test } from 'vitest';
import { RequestMeter } from './request-meter.ts';

test('requests are counted by operation and code, durations fall into buckets', () => {
  const meter = new RequestMeter();
  meter.of('sqs', 'SendMessage').note(undefined, 0.4);
  meter.of('sqs', 'SendMessage').note(undefined, 3);
  meter.of('sqs', 'SendMessage').note('QueueDoesNotExist', 30_000);
  meter.unidentified.note('InvalidAction', 1);
  expect(meter.totals()).toEqual({ requests: 4, refused: 2 });
  const text = meter.render();
  expect(text).toContain('eddy_requests_total{service="sqs",op="SendMessage",code="OK"} 2\n');
  expect(text).toContain('eddy_requests_total{service="sqs",op="SendMessage",code="QueueDoesNotExist"} 1\n');
  expect(text).toContain('eddy_request_duration_seconds_bucket{service="sqs",op="SendMessage",le="0.001"} 1\n');
  expect(text).toContain('eddy_request_duration_seconds_bucket{service="sqs",op="SendMessage",le="0.005"} 2\n');
  expect(text).toContain('eddy_request_duration_seconds_bucket{service="sqs",op="SendMessage",le="+Inf"} 3\n');
  expect(text).toContain('eddy_request_duration_seconds_count{service="sqs",op="SendMessage"} 3');
});
