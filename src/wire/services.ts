// The services that this process speaks for, looked up the ways a request can name one: target prefix, signing name, API version,
// action, path. Built once from the generated tables; protocols hang their compiled closures on the `WireService` objects.

import { assert } from '#base/assert.ts';
import { type Route, RouteTable } from './routes.ts';
import type { MemberSchema, OperationSchema, Protocol, ServiceSchema, ShapeRef, ShapeSchema } from './schema.ts';

export interface WireOperation {
  readonly name: string;
  readonly schema: OperationSchema;
}

export class WireService {
  readonly schema: ServiceSchema;
  readonly prefix: string;
  private operations: Map<string, WireOperation> | undefined;
  private routeTable: RouteTable | undefined;

  constructor(schema: ServiceSchema) {
    this.schema = schema;
    this.prefix = schema.endpointPrefix;
  }

  /** Listed at the first request: the bundle reads a service's table when somebody looks into it, and most stay unread. */
  operation(name: string): WireOperation | undefined {
    this.operations ??= new Map(
      Object.entries(this.schema.operations).map(([name, schema]) => [name, { name, schema }]),
    );
    return this.operations.get(name);
  }

  speaks(protocol: Protocol): boolean {
    return this.schema.protocols.includes(protocol);
  }

  /** Where a path leads; compiled at the first request, since most services have none. */
  route(method: string, path: string, query: string): Route | undefined {
    this.routeTable ??= new RouteTable(this.schema.operations);
    return this.routeTable.find(method, path, query);
  }

  shape(name: string): ShapeSchema {
    const shape = Object.hasOwn(this.schema.shapes, name) ? this.schema.shapes[name] : undefined;
    assert(shape !== undefined, `${this.prefix}: shape ${name} is not in the table`);
    return shape;
  }
}

export class WireServices {
  readonly all: readonly WireService[];
  private readonly byPrefix = new Map<string, WireService>();
  private readonly byTarget = new Map<string, WireService>();
  private readonly bySigningName = new Map<string, WireService[]>();
  private readonly byQueryVersion = new Map<string, WireService[]>();

  constructor(schemas: readonly ServiceSchema[]) {
    this.all = schemas.map((schema) => new WireService(schema));
    for (const service of this.all) {
      assert(!this.byPrefix.has(service.prefix), `${service.prefix} is registered twice`);
      this.byPrefix.set(service.prefix, service);
      this.byTarget.set(service.schema.targetPrefix, service);
      push(this.bySigningName, service.schema.signingName, service);
      if (service.speaks('query')) push(this.byQueryVersion, service.schema.apiVersion, service);
    }
  }

  service(endpointPrefix: string): WireService | undefined {
    return this.byPrefix.get(endpointPrefix);
  }

  withTarget(targetPrefix: string): WireService | undefined {
    return this.byTarget.get(targetPrefix);
  }

  withSigningName(name: string): readonly WireService[] {
    return this.bySigningName.get(name) ?? [];
  }

  /** Services of the query protocol whose API has this version: a version names one service, as far as AWS has kept to it. */
  withQueryVersion(version: string): readonly WireService[] {
    return this.byQueryVersion.get(version) ?? [];
  }
}

function push(map: Map<string, WireService[]>, key: string, service: WireService): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [service]);
  else list.push(service);
}

/** The member in its long form. */
export function memberOf(member: ShapeRef | MemberSchema): MemberSchema {
  return typeof member === 'string' ? { target: member } : member;
}
