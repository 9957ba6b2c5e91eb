// The form of the tables under `generated/`: one service's operations and shapes, with the traits that decide how they travel.
// Tables are data, read by `services.ts` and compiled to closures by the protocols on first use. Written by tools/generate-wire.mjs.

export type Protocol = 'json-1.0' | 'json-1.1' | 'query' | 'rest-json' | 'rest-xml' | 'rpc-v2-cbor' | 'cbor-1.1';

/**
 * What a member holds: `string`, `integer`, `double`, `boolean`, `blob`, `stream`, `timestamp`, `document`, `unit`, the name of a shape,
 * or `[x]` and `{x}` for a plain list and a map from strings of what `x` names.
 */
export type ShapeRef = string;

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

export interface MemberSchema {
  readonly target: ShapeRef;
  /** Element or attribute name on XML, part of the key on query. */
  readonly xmlName?: string;
  readonly xmlFlattened?: true;
  readonly xmlAttribute?: true;
  /** The whole attribute: `xmlns:xsi="…"`. */
  readonly xmlNamespace?: string;
  readonly jsonName?: string;
  readonly timestampFormat?: TimestampFormat;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpQuery?: string;
  readonly httpQueryParams?: true;
  readonly httpLabel?: true;
  readonly httpPayload?: true;
  readonly httpResponseCode?: true;
  /** Never to be logged. */
  readonly sensitive?: true;
}

/** A member without traits is written as its target alone. */
export type MemberTable = Readonly<Record<string, ShapeRef | MemberSchema>>;

export interface StructureSchema {
  readonly type: 'structure';
  readonly members: MemberTable;
  readonly required?: readonly string[];
  readonly isUnion?: true;
  /** The element's own name where it is a payload. */
  readonly xmlName?: string;
}
export interface ListSchema {
  readonly type: 'list';
  readonly member: ShapeRef | MemberSchema;
}
export interface MapSchema {
  readonly type: 'map';
  readonly key: ShapeRef | MemberSchema;
  readonly value: ShapeRef | MemberSchema;
}
export type ShapeSchema = StructureSchema | ListSchema | MapSchema;

export interface OperationSchema {
  readonly input: ShapeRef;
  readonly output: ShapeRef;
  readonly http?: { readonly method: string; readonly uri: string; readonly code: number };
  /** The output's member that is a stream of events: the reply is not a single message. */
  readonly eventStream?: string;
}

export interface ErrorSchema {
  readonly status: number;
  readonly fault: 'client' | 'server';
  /** The code in the query protocol, when it is not the shape's name. */
  readonly queryCode?: string;
  readonly members: MemberTable;
}

export interface ServiceSchema {
  /** Names the service everywhere in Eddy: folder, table, capability page. */
  readonly endpointPrefix: string;
  readonly serviceId: string;
  readonly apiVersion: string;
  /** The service part of a credential scope. */
  readonly signingName: string;
  /** Namespace of shape ids: `com.amazonaws.sqs`. */
  readonly namespace: string;
  /** What stands before the dot in X-Amz-Target, and the service in an rpc-v2-cbor path. */
  readonly targetPrefix: string;
  readonly xmlNamespace: string;
  /** The first is what current SDKs speak. */
  readonly protocols: readonly Protocol[];
  /** JSON errors carry the older query code in `x-amzn-query-error`. */
  readonly isQueryCompatible?: true;
  readonly operations: Readonly<Record<string, OperationSchema>>;
  readonly shapes: Readonly<Record<string, ShapeSchema>>;
  readonly errors: Readonly<Record<string, ErrorSchema>>;
}
