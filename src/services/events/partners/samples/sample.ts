// Events of AWS's services as their documentation shows them. `{account}`, `{region}`, `{partition}`, `{time}` and `{uuid}` in a text stand for
// those of the event that is made of it; a `{uuid}` is the same one throughout an event.

export interface Sample {
  /** As people call it: the source without `aws.`. */
  readonly service: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Most samples of a file are of few services. */
export function sampleOf(
  service: string,
  detailType: string,
  resources: readonly string[],
): (detail: Sample['detail']) => Sample {
  return (detail) => ({ service, detailType, resources, detail });
}

export interface Occasion {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly timeMs: number;
  readonly uuid: string;
}

/** The sample with what is filled in, and with the given members instead of its own. */
export function filledIn(
  sample: Sample,
  occasion: Occasion,
  overrides: Readonly<Record<string, unknown>>,
): { readonly source: string; readonly resources: readonly string[]; readonly detail: string } {
  const { account, region, partition, uuid, timeMs } = occasion;
  const time = new Date(timeMs).toISOString();
  const values: Readonly<Record<string, string>> = { account, region, partition, uuid, time };
  const fill = (text: string): string =>
    text.replace(/\{(account|region|partition|uuid|time)\}/g, (_, name: string) => values[name] ?? '');
  const detail = JSON.parse(fill(JSON.stringify(sample.detail))) as Record<string, unknown>;
  return {
    source: `aws.${sample.service}`,
    resources: sample.resources.map(fill),
    detail: JSON.stringify(merged(detail, overrides)),
  };
}

/** Objects are merged as deep as the sample is; everything else is replaced. */
function merged(
  before: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all = new Map<string, unknown>(Object.entries(before));
  for (const [name, value] of Object.entries(given)) {
    const own = all.get(name);
    all.set(name, isObject(own) && isObject(value) ? merged(own, value) : value);
  }
  return Object.fromEntries(all);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
