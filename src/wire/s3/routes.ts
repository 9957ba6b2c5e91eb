// Which operation of S3 a request means. Method and level (service, bucket, object) leave a dozen candidates; parameters tell them apart:
// those in the operation's own path (`?acl`), those that it requires (`uploadId`), and the header of copies. What asks for more wins.

import { type Pair, parsePairs } from '../percent.ts';
import type { MemberSchema, ServiceSchema, StructureSchema } from '../schema.ts';
import { memberOf } from '../services.ts';

type Level = 'service' | 'bucket' | 'object';

interface Candidate {
  readonly operation: string;
  readonly query: readonly Pair[];
  readonly headers: readonly string[];
}

const QUERY_PAIRS_MAX = 1_000;
/** Tells a copy from an upload. Other required headers are for the operation to miss. */
const COPY_SOURCE = 'x-amz-copy-source';

export class S3Routes {
  /** Method and level -> candidates, the most particular first. */
  private readonly candidates = new Map<string, Candidate[]>();

  constructor(schema: ServiceSchema) {
    for (const [operation, { http, input }] of Object.entries(schema.operations)) {
      if (http === undefined || operation === 'WriteGetObjectResponse') continue;
      const shape = schema.shapes[input];
      const members = shape?.type === 'structure' ? requiredMembers(shape) : [];
      const hasBucket = shape?.type === 'structure' && shape.members['Bucket'] !== undefined;
      const level: Level = http.uri.startsWith('/{Key+}') ? 'object' : hasBucket ? 'bucket' : 'service';
      const key = `${http.method} ${level}`;
      const list = this.candidates.get(key) ?? [];
      list.push({ operation, query: queryOf(http.uri, members), headers: headersOf(members) });
      this.candidates.set(
        key,
        list.sort((a, b) => weightOf(b) - weightOf(a)),
      );
    }
  }

  find(asked: Asked): string | undefined {
    const { method, level, query, headers } = asked;
    const sent = query === '' ? [] : (parsePairs(query, QUERY_PAIRS_MAX) ?? []);
    const candidates = this.candidates.get(`${method} ${level}`);
    const met = candidates?.filter((candidate) => isMet(candidate, sent, headers)) ?? [];
    // Lists of buckets and of directory buckets have the same address, and differ in nothing but what SDKs write for people.
    const named = level === 'service' ? met.find(({ operation }) => query.includes(`x-id=${operation}`)) : undefined;
    return (named ?? met[0])?.operation;
  }
}

export interface Asked {
  readonly method: string;
  readonly level: Level;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export function levelOf({ bucket, key }: { bucket: string | undefined; key: string | undefined }): Level {
  if (bucket === undefined) return 'service';
  return key === undefined ? 'bucket' : 'object';
}

function requiredMembers(shape: StructureSchema): readonly MemberSchema[] {
  return (shape.required ?? []).flatMap((name) => {
    const member = shape.members[name];
    return member === undefined ? [] : [memberOf(member)];
  });
}

function queryOf(uri: string, members: readonly MemberSchema[]): readonly Pair[] {
  const literals = parsePairs(uri.split('?')[1] ?? '', QUERY_PAIRS_MAX) ?? [];
  const required = members.flatMap(({ httpQuery }) =>
    httpQuery === undefined ? [] : [{ name: httpQuery, value: '' }],
  );
  // `x-id` is what SDKs add for people who read access logs.
  return [...literals.filter(({ name }) => name !== 'x-id'), ...required];
}

function headersOf(members: readonly MemberSchema[]): readonly string[] {
  return members.flatMap(({ httpHeader }) => (httpHeader === COPY_SOURCE ? [COPY_SOURCE] : []));
}

function weightOf({ query, headers }: Candidate): number {
  return query.length + headers.length;
}

function isMet({ query, headers }: Candidate, sent: readonly Pair[], sentHeaders: Asked['headers']): boolean {
  return (
    headers.every((name) => sentHeaders[name] !== undefined) &&
    query.every((wanted) =>
      sent.some(({ name, value }) => name === wanted.name && (wanted.value === '' || value === wanted.value)),
    )
  );
}
