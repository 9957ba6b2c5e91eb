// ExportSchema: an OpenAPI 3 schema of AWS's or of discovery as JSON Schema draft 4. Custom registries cannot be exported: a reply of AWS says so, and
// AWS CLI examples say that draft 4 is all there is to export to.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ExportSchemaInput, ExportSchemaOutput } from '#wire/generated/schemas.ts';
import { onSchema } from '../access.ts';
import { parseContent } from '../content.ts';
import { toDraft4 } from '../draft4.ts';
import { badRequest, notExportable } from '../errors.ts';
import { findSchema, findVersion } from '../find.ts';
import { isManagedRegistry } from '../names.ts';
import type { SchemasState } from '../state.ts';
import { arnOfSchema } from '../views.ts';

export const exportSchema = operation<SchemasState, ExportSchemaInput, ExportSchemaOutput>({
  authorize: onSchema('ExportSchema'),
  decide(turn, input) {
    if (input.Type !== 'JSONSchemaDraft4')
      return refuse(badRequest('A schema can be exported as JSONSchemaDraft4 only.'));
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    if (!isManagedRegistry(schema.registryName)) return refuse(notExportable());
    const version = findVersion(turn, schema, input.SchemaVersion);
    if (isRefused(version)) return version;
    const parsed = parseContent(version.content, version.type);
    if ('problem' in parsed) return refuse(badRequest(`The schema cannot be exported: ${parsed.problem}.`));
    return {
      output: {
        Content: JSON.stringify(toDraft4(parsed.content)),
        SchemaArn: arnOfSchema(turn, schema),
        SchemaName: schema.name,
        SchemaVersion: String(version.version),
        Type: 'JSONSchemaDraft4',
      },
    };
  },
});
