// The room of the schema registry: what answers, what is kept, what a bus may ask.

import { defineService } from '#cell/service-definition.ts';
import { factBindings, tableBindings } from './apply.ts';
import { BINDING_TIMER, buildBinding } from './bindings/build.ts';
import { DISCOVER_TIMER, discover } from './discovery/discover.ts';
import { schemasDoor } from './door.ts';
import { accessDenied } from './errors.ts';
import { describeCodeBinding, getCodeBindingSource, putCodeBinding } from './operations/code-bindings.ts';
import { compareVersions } from './operations/compare-versions.ts';
import {
  createDiscoverer,
  deleteDiscoverer,
  describeDiscoverer,
  listDiscoverers,
  startDiscoverer,
  stopDiscoverer,
  updateDiscoverer,
} from './operations/discoverers.ts';
import { exportAsyncApi } from './operations/export-asyncapi.ts';
import { exportSchema } from './operations/export-schema.ts';
import { getDiscoveredSchema } from './operations/get-discovered-schema.ts';
import {
  createRegistry,
  deleteRegistry,
  describeRegistry,
  listRegistries,
  updateRegistry,
} from './operations/registries.ts';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './operations/resource-policies.ts';
import { deleteSchemaVersion, listSchemaVersions } from './operations/schema-versions.ts';
import { createSchema, deleteSchema, describeSchema, listSchemas, updateSchema } from './operations/schemas.ts';
import { searchSchemas } from './operations/search-schemas.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { SchemasState } from './state.ts';

/** The runtime's own, which no request can name. */
export const COMPARE_VERSIONS = '(compare-versions)';
export const EXPORT_ASYNCAPI = '(export-asyncapi)';

export const schemas = defineService<SchemasState>({
  name: 'schemas',
  createState: () => new SchemasState(),
  tables: tableBindings,
  facts: factBindings,
  operations: {
    [COMPARE_VERSIONS]: compareVersions,
    [EXPORT_ASYNCAPI]: exportAsyncApi,
    CreateDiscoverer: createDiscoverer,
    CreateRegistry: createRegistry,
    CreateSchema: createSchema,
    DeleteDiscoverer: deleteDiscoverer,
    DeleteRegistry: deleteRegistry,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteSchema: deleteSchema,
    DeleteSchemaVersion: deleteSchemaVersion,
    DescribeCodeBinding: describeCodeBinding,
    DescribeDiscoverer: describeDiscoverer,
    DescribeRegistry: describeRegistry,
    DescribeSchema: describeSchema,
    ExportSchema: exportSchema,
    GetCodeBindingSource: getCodeBindingSource,
    GetDiscoveredSchema: getDiscoveredSchema,
    GetResourcePolicy: getResourcePolicy,
    ListDiscoverers: listDiscoverers,
    ListRegistries: listRegistries,
    ListSchemaVersions: listSchemaVersions,
    ListSchemas: listSchemas,
    ListTagsForResource: listTagsForResource,
    PutCodeBinding: putCodeBinding,
    PutResourcePolicy: putResourcePolicy,
    SearchSchemas: searchSchemas,
    StartDiscoverer: startDiscoverer,
    StopDiscoverer: stopDiscoverer,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateDiscoverer: updateDiscoverer,
    UpdateRegistry: updateRegistry,
    UpdateSchema: updateSchema,
  },
  timers: { [BINDING_TIMER]: buildBinding, [DISCOVER_TIMER]: discover },
  doors: (state) => ({ schemas: schemasDoor(state) }),
  accessDenied,
});
