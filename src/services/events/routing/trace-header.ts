// An X-Ray header as it travels with an event. AWS: X-Ray developer guide, "Tracing header". Captured of PutEvents: the entry's own header counts before
// the request's, also when it is not valid; what is not valid in it is left out, and the event is put all the same.

const ROOT = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;
const PARENT = /^[0-9a-f]{16}$/i;
const SAMPLED = /^[01]$/;
/** AWS: API reference, PutEventsRequestEntry. */
const LENGTH_MAX = 500;

/** The valid parts of the header; undefined without a valid root. */
export function traceHeaderOf(given: string | undefined, ofRequest: string | undefined): string | undefined {
  const text = given ?? ofRequest;
  if (text === undefined || text.length > LENGTH_MAX) return undefined;
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const [root = '', parent = '', sampled = ''] = ['Root', 'Parent', 'Sampled'].map((name) => parts.get(name));
  if (!ROOT.test(root)) return undefined;
  const kept = [`Root=${root}`];
  if (PARENT.test(parent)) kept.push(`Parent=${parent}`);
  if (SAMPLED.test(sampled)) kept.push(`Sampled=${sampled}`);
  return kept.join(';');
}
