// PutCodeBinding, DescribeCodeBinding, GetCodeBindingSource. AWS: Schemas API reference, "Code Binding".

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type {
  DescribeCodeBindingInput,
  DescribeCodeBindingOutput,
  GetCodeBindingSourceInput,
  GetCodeBindingSourceOutput,
  PutCodeBindingInput,
  PutCodeBindingOutput,
} from '#wire/generated/schemas.ts';
import { onSchema } from '../access.ts';
import { sourcesOf } from '../bindings/build.ts';
import { zipOf } from '../bindings/zip.ts';
import { type BindingDoc, LANGUAGES, type Language, type SchemaDoc, type VersionDoc } from '../documents.ts';
import { badRequest, bindingExists, bindingNotComplete, bindingNotFound } from '../errors.ts';
import { findSchema, findVersion } from '../find.ts';
import { bindingKey, schemaKey, versionKey } from '../names.ts';
import { registryOperation } from '../registry-operation.ts';
import type { SchemasTurn } from '../state.ts';
import { bindingView } from '../views.ts';

interface Place {
  readonly schema: SchemaDoc;
  readonly version: VersionDoc;
  readonly language: Language;
  readonly key: string;
  readonly binding: BindingDoc | undefined;
}

function placeOf(turn: SchemasTurn, input: PutCodeBindingInput): Place | Refused {
  const language = LANGUAGES.find((one) => one === input.Language);
  if (language === undefined) {
    const text = `The language ${(input.Language ?? '').slice(0, 50)} is not supported: use one of ${LANGUAGES.join(', ')}.`;
    return refuse(badRequest(text));
  }
  const schema = findSchema(turn, input);
  if (isRefused(schema)) return schema;
  const version = findVersion(turn, schema, input.SchemaVersion);
  if (isRefused(version)) return version;
  const ofVersion = versionKey(schemaKey(turn.scope, schema.registryName, schema.name), version.version);
  const key = bindingKey(ofVersion, language);
  return { schema, version, language, key, binding: turn.state.bindings.get(key) };
}

export const putCodeBinding = registryOperation<PutCodeBindingInput, PutCodeBindingOutput>({
  authorize: onSchema('PutCodeBinding'),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { binding, language, schema, version, key } = place;
    if (binding !== undefined && binding.status !== 'CREATE_FAILED')
      return refuse(bindingExists(schema.name, language));
    const doc: BindingDoc = {
      ...{ language, version: version.version, status: 'CREATE_IN_PROGRESS' },
      ...{ createdAtMs: turn.nowMs, modifiedAtMs: turn.nowMs },
    };
    turn.put(turn.state.bindings, key, doc);
    return { output: bindingView(doc) };
  },
});

export const describeCodeBinding = registryOperation<DescribeCodeBindingInput, DescribeCodeBindingOutput>({
  authorize: onSchema('DescribeCodeBinding'),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { binding, schema, language } = place;
    return binding === undefined ? refuse(bindingNotFound(schema.name, language)) : { output: bindingView(binding) };
  },
});

export const getCodeBindingSource = registryOperation<GetCodeBindingSourceInput, GetCodeBindingSourceOutput>({
  authorize: onSchema('GetCodeBindingSource'),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    const { binding, schema, version, language } = place;
    if (binding === undefined) return refuse(bindingNotFound(schema.name, language));
    const built = binding.status === 'CREATE_COMPLETE' ? sourcesOf(version, schema.name, language) : { problem: '' };
    if ('problem' in built) return refuse(bindingNotComplete(schema.name, language));
    return { output: { Body: zipOf(built.sources) } };
  },
});
