// Turns shapes into closures: each protocol gives one function that builds the closure of a shape from those of its members.
// Every shape is built once per service, on first use; a shape that contains itself meets a stand-in that finds the finished one later.

import { assert } from '#base/assert.ts';
import type { MemberSchema, StructureSchema, TimestampFormat } from './schema.ts';
import { memberOf, type WireService } from './services.ts';

export type Scalar = 'string' | 'integer' | 'double' | 'boolean' | 'blob' | 'stream' | 'document' | 'unit';

/** A member's target with everything looked up. */
export type Shape =
  | { readonly type: Scalar }
  | { readonly type: 'timestamp'; readonly format: TimestampFormat | undefined }
  | { readonly type: 'list'; readonly member: MemberSchema }
  | { readonly type: 'map'; readonly key: MemberSchema; readonly value: MemberSchema }
  | { readonly type: 'structure'; readonly name: string; readonly schema: StructureSchema };

const SCALARS = new Set<string>(['string', 'integer', 'double', 'boolean', 'blob', 'stream', 'document', 'unit']);

export function shapeOf(service: WireService, member: MemberSchema): Shape {
  const { target } = member;
  if (SCALARS.has(target)) return { type: target as Scalar };
  if (target === 'timestamp') return { type: 'timestamp', format: member.timestampFormat };
  if (target.startsWith('[')) return { type: 'list', member: { target: target.slice(1, -1) } };
  if (target.startsWith('{')) return { type: 'map', key: { target: 'string' }, value: { target: target.slice(1, -1) } };
  const schema = service.shape(target);
  if (schema.type === 'list') return { type: 'list', member: memberOf(schema.member) };
  if (schema.type === 'map') return { type: 'map', key: memberOf(schema.key), value: memberOf(schema.value) };
  return { type: 'structure', name: target, schema };
}

/** Name and long form of each member, in the schema's order. */
export function membersOf(schema: StructureSchema): readonly (readonly [name: string, member: MemberSchema])[] {
  return Object.entries(schema.members).map(([name, member]) => [name, memberOf(member)] as const);
}

export type Compile<T> = (service: WireService, member: MemberSchema) => T;

/**
 * A compiler that builds each shape once. `build` gets the shape and a way to the closures of its members; `defer` makes the stand-in
 * for a shape that is still being built.
 */
export function compiler<T>(parts: {
  readonly build: (shape: Shape, of: (member: MemberSchema) => T) => T;
  readonly defer: (finished: () => T) => T;
}): Compile<T> {
  const built = new WeakMap<WireService, Map<string, T>>();
  const compile = (service: WireService, member: MemberSchema): T => {
    const table = built.get(service) ?? new Map<string, T>();
    if (table.size === 0) built.set(service, table);
    const key = `${member.target} ${member.timestampFormat ?? ''}`;
    // By presence, not by value: a closure may be undefined, which means that nothing is to be done.
    if (table.has(key)) return table.get(key) as T;
    const finished: T[] = [];
    table.set(
      key,
      parts.defer(() => {
        assert(finished.length === 1, `${key} is used before it is built`);
        return finished[0] as T;
      }),
    );
    finished.push(parts.build(shapeOf(service, member), (inner) => compile(service, inner)));
    table.set(key, finished[0] as T);
    return finished[0] as T;
  };
  return compile;
}
