// Counts requests by service, operation and error code, with how long they took; rendered for Prometheus. Known operations only become
// labels, so that a client cannot make new time series by inventing names.

const BUCKETS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000, 20_000];

export class OperationMeter {
  okCount = 0;
  totalMs = 0;
  readonly buckets = new Float64Array(BUCKETS_MS.length + 1);
  readonly refusedCounts = new Map<string, number>();

  constructor(
    readonly service: string,
    readonly operation: string,
  ) {}

  note(code: string | undefined, ms: number): void {
    if (code === undefined) this.okCount += 1;
    else this.refusedCounts.set(code, (this.refusedCounts.get(code) ?? 0) + 1);
    this.totalMs += ms;
    let bucket = 0;
    while (bucket < BUCKETS_MS.length && ms > BUCKETS_MS[bucket]!) bucket += 1;
    this.buckets[bucket]! += 1;
  }
}

export class RequestMeter {
  private readonly operations = new Map<string, OperationMeter>();

  /** Requests that named no operation of ours. */
  readonly unidentified = new OperationMeter('unknown', 'unknown');

  of(service: string, operation: string): OperationMeter {
    const key = `${service}.${operation}`;
    let meter = this.operations.get(key);
    if (meter === undefined) {
      meter = new OperationMeter(service, operation);
      this.operations.set(key, meter);
    }
    return meter;
  }

  totals(): { readonly requests: number; readonly refused: number } {
    let ok = 0;
    let refused = 0;
    for (const meter of this.all()) {
      ok += meter.okCount;
      for (const count of meter.refusedCounts.values()) refused += count;
    }
    return { requests: ok + refused, refused };
  }

  render(): string {
    const lines = ['# TYPE eddy_requests_total counter'];
    for (const { service, operation, okCount, refusedCounts } of this.all()) {
      const labels = `service="${service}",op="${operation}"`;
      if (okCount > 0) lines.push(`eddy_requests_total{${labels},code="OK"} ${okCount}`);
      for (const [code, count] of refusedCounts) lines.push(`eddy_requests_total{${labels},code="${code}"} ${count}`);
    }
    lines.push('# TYPE eddy_request_duration_seconds histogram');
    for (const meter of this.all()) lines.push(...durationLines(meter));
    return lines.join('\n');
  }

  private *all(): Iterable<OperationMeter> {
    yield* this.operations.values();
    yield this.unidentified;
  }
}

function durationLines({ service, operation, buckets, totalMs }: OperationMeter): string[] {
  const labels = `service="${service}",op="${operation}"`;
  const lines: string[] = [];
  let sum = 0;
  for (const [i, count] of buckets.entries()) {
    sum += count;
    const bound = BUCKETS_MS[i];
    const le = bound === undefined ? '+Inf' : String(bound / 1_000);
    lines.push(`eddy_request_duration_seconds_bucket{${labels},le="${le}"} ${sum}`);
  }
  if (sum === 0) return [];
  lines.push(`eddy_request_duration_seconds_sum{${labels}} ${totalMs / 1_000}`);
  lines.push(`eddy_request_duration_seconds_count{${labels}} ${sum}`);
  return lines;
}
