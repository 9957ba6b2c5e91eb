// Paths of REST services: which operation a method and path name, and what the labels hold. Templates come from the `http` traits:
// `/2015-03-31/functions/{FunctionName}`, a greedy `{Key+}`, literal query parameters as in `?List=ALL`.
// The path is split before it is decoded, so an encoded slash stays inside its label (one reading for authentication and use).

import { parsePairs, percentDecode } from './percent.ts';
import type { OperationSchema } from './schema.ts';

export interface Route {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Template {
  readonly operation: string;
  readonly segments: readonly Segment[];
  readonly hasGreedy: boolean;
  readonly query: readonly { readonly name: string; readonly value: string }[];
  /** Literal segments count more than literal query parameters. */
  readonly weight: number;
}

type Segment = { readonly literal: string } | { readonly label: string; readonly isGreedy: boolean };

const SEGMENTS_MAX = 256;
const QUERY_PAIRS_MAX = 1_000;

export class RouteTable {
  /** Method and first literal segment -> templates, the most particular first. */
  private readonly buckets = new Map<string, Template[]>();

  constructor(operations: Readonly<Record<string, OperationSchema>>) {
    for (const [name, { http }] of Object.entries(operations)) {
      if (http === undefined) continue;
      const template = compile(name, http.uri);
      const key = bucketKey(http.method, firstLiteral(template));
      this.buckets.set(
        key,
        [...(this.buckets.get(key) ?? []), template].sort((a, b) => b.weight - a.weight),
      );
    }
  }

  find(method: string, path: string, query: string): Route | undefined {
    const segments = splitPath(path);
    if (segments === undefined) return undefined;
    const named = this.buckets.get(bucketKey(method, segments[0] ?? ''));
    return matchFirst(named, segments, query) ?? matchFirst(this.buckets.get(bucketKey(method, '{}')), segments, query);
  }
}

function bucketKey(method: string, first: string): string {
  return `${method} ${first}`;
}

function firstLiteral(template: Template): string {
  const [first] = template.segments;
  if (first === undefined) return '';
  return 'literal' in first ? first.literal : '{}';
}

function compile(operation: string, uri: string): Template {
  const [path, query = ''] = uri.split('?') as [string, string?];
  const segments = (splitPath(path) ?? []).map((segment): Segment => {
    const label = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    return label === null ? { literal: segment } : { label: label[1]!, isGreedy: label[2] === '+' };
  });
  const literals = parsePairs(query, QUERY_PAIRS_MAX) ?? [];
  // `x-id` is what SDKs add for people who read access logs; a request without it is the same request.
  const required = literals.filter(({ name }) => name !== 'x-id');
  const weight = segments.filter((segment) => 'literal' in segment).length * 100 + required.length;
  return { operation, segments, query: required, weight, hasGreedy: segments.some((s) => 'label' in s && s.isGreedy) };
}

/** Segments without the empty ones at both ends: botocore asks for `/2015-03-31/functions/`, others for the same without the slash. */
function splitPath(path: string): string[] | undefined {
  const segments = path.split('/', SEGMENTS_MAX + 1);
  if (segments.length > SEGMENTS_MAX) return undefined;
  if (segments[0] === '') segments.shift();
  return segments;
}

function matchFirst(
  templates: readonly Template[] | undefined,
  segments: readonly string[],
  query: string,
): Route | undefined {
  for (const template of templates ?? []) {
    const labels = matchPath(template, segments);
    if (labels !== undefined && matchQuery(template, query)) return { operation: template.operation, labels };
  }
  return undefined;
}

function matchPath(template: Template, sent: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = Object.create(null);
  const wanted = template.segments;
  const segments = !template.hasGreedy && sent.at(-1) === '' ? sent.slice(0, -1) : sent;
  const count = wanted.at(-1) !== undefined && isEmptyLiteral(wanted.at(-1)!) ? wanted.length - 1 : wanted.length;
  if (template.hasGreedy ? segments.length < count : segments.length !== count) return undefined;
  for (let i = 0; i < count; i += 1) {
    const segment = wanted[i]!;
    if ('literal' in segment) {
      if (segment.literal !== segments[i]) return undefined;
      continue;
    }
    const raw = segment.isGreedy ? segments.slice(i).join('/') : segments[i]!;
    const text = percentDecode(raw);
    if (text === undefined || text === '') return undefined;
    labels[segment.label] = text;
    if (segment.isGreedy) break;
  }
  return labels;
}

function isEmptyLiteral(segment: Segment): boolean {
  return 'literal' in segment && segment.literal === '';
}

function matchQuery(template: Template, query: string): boolean {
  if (template.query.length === 0) return true;
  const sent = parsePairs(query, QUERY_PAIRS_MAX) ?? [];
  return template.query.every((wanted) =>
    sent.some(({ name, value }) => name === wanted.name && (wanted.value === '' || value === wanted.value)),
  );
}
