// What is stored. Names as keys: `account/region/registry`, `account/region/registry/schema`, and so on; names have no slash.

import type { Shape } from '#structures/json-schema/shape.ts';
import type { EventKind } from './state.ts';

export type Tags = Readonly<Record<string, string>>;

export interface RegistryDoc {
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags: Tags;
  readonly policy?: { readonly text: string; readonly revisionId: string } | undefined;
}

export type SchemaType = 'OpenApi3' | 'JSONSchemaDraft4';

export interface SchemaDoc {
  readonly registryName: string;
  readonly registryKey: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags: Tags;
  readonly lastModifiedMs: number;
  /** Number of the newest version that is there, and how many are. Numbers are never given twice. */
  readonly latestVersion: number;
  readonly lastVersion: number;
  readonly versionCount: number;
  /** Of the newest version: which events it says it describes. */
  readonly event?: EventKind | undefined;
  /** The last UpdateSchema that named a token: repeated, it gives the same answer. */
  readonly lastUpdate?: { readonly clientToken: string; readonly version: number } | undefined;
  readonly discovered?: Discovered | undefined;
}

export interface Discovered {
  /** The shape of all details that were seen. */
  readonly detail: Shape;
  /** ARNs of the buses where they were. */
  readonly buses: readonly string[];
  /** Discovery ended: the description says why. */
  readonly hasEnded?: true;
}

export interface VersionDoc {
  readonly version: number;
  readonly type: SchemaType;
  readonly content: string;
  readonly createdAtMs: number;
}

export interface DiscovererDoc {
  readonly id: string;
  readonly sourceArn: string;
  readonly description?: string | undefined;
  readonly state: 'STARTED' | 'STOPPED';
  readonly isCrossAccount: boolean;
  readonly tags: Tags;
}

export type BindingStatus = 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'CREATE_FAILED';

export interface BindingDoc {
  readonly language: Language;
  readonly version: number;
  readonly status: BindingStatus;
  /** Of a failure: for people. */
  readonly reason?: string | undefined;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** AWS: Schemas API reference, "Code Binding". */
export const LANGUAGES = ['Java8', 'Python36', 'TypeScript3', 'Go1'] as const;
export type Language = (typeof LANGUAGES)[number];
