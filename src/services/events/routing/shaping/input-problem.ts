// What PutTargets refuses of a target's input, in AWS's words. Sources: botocore events/2015-10-07 (lengths, patterns); replies of AWS recorded in
// public: "Only one of …", "… contains invalid placeholder …" (LocalStack, test_events_inputs.snapshot.json), "JSON syntax error in input for
// target …" (aws-cli, issue 6711), "Modifying the input …" (replies for targets that are buses), "Input for target … is not a valid JSON text."
// (aws-cloudformation-user-guide, issue 1010, a log group with a template of another form).

import { Validation } from '#model/validation.ts';
import { JsonTokens, PatternSyntaxError } from '#structures/event-pattern/json-tokens.ts';
import { parseJsonPath } from '#structures/input-template/json-path.ts';
import { skipSpace, valueAt } from '#structures/input-template/json-text.ts';
import { isJson, parseTemplate, type Template } from '#structures/input-template/template.ts';
import type { InputTransformer, Target } from '#wire/generated/events.ts';
import { hasLogEntryForm, isLogGroup } from './log-entry.ts';
import { PREDEFINED } from './shape-input.ts';

const INPUT_LENGTH_MAX = 8192;
const PATH_LENGTH_MAX = 256;
const PATHS_MAX = 100;
const NAME = /^[A-Za-z0-9_-]{1,256}$/;

/** The text of a ValidationException, or undefined. `position`: which of the request's targets it is, from 1. */
export function inputProblem(target: Target, position = 1): string | undefined {
  return constraintProblem(target, `targets.${position}.member`) ?? meaningProblem(target);
}

function constraintProblem(
  { Input, InputPath, InputTransformer: transformer }: Target,
  at: string,
): string | undefined {
  const validation = new Validation()
    .length(`${at}.input`, Input, { max: INPUT_LENGTH_MAX })
    .length(`${at}.inputPath`, InputPath, { max: PATH_LENGTH_MAX });
  if (transformer === undefined) return validation.text;
  const { InputTemplate, InputPathsMap = {} } = transformer;
  const names = Object.keys(InputPathsMap);
  const path = `${at}.inputTransformer`;
  validation
    .required(`${path}.inputTemplate`, InputTemplate)
    .length(`${path}.inputTemplate`, InputTemplate, { min: 1, max: INPUT_LENGTH_MAX })
    .length(`${path}.inputPathsMap`, names, { max: PATHS_MAX });
  return validation.text ?? mapProblem(`${path}.inputPathsMap`, InputPathsMap);
}

const LENGTH_MAX = 'Member must have length less than or equal to 256';
const KEY_CONSTRAINTS =
  `Map keys must satisfy constraint: [${LENGTH_MAX}, Member must have length greater than or equal to 1, ` +
  'Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]';
const VALUE_CONSTRAINTS = `Map value must satisfy constraint: [${LENGTH_MAX}]`;

function mapProblem(path: string, paths: Readonly<Record<string, string>>): string | undefined {
  const isNamed = Object.keys(paths).every((name) => NAME.test(name));
  if (isNamed && Object.values(paths).every((text) => text.length <= PATH_LENGTH_MAX)) return undefined;
  const constraint = isNamed ? VALUE_CONSTRAINTS : KEY_CONSTRAINTS;
  return `1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`;
}

function meaningProblem(target: Target): string | undefined {
  const { Id: id = '', Arn: arn = '', Input, InputPath, InputTransformer: transformer } = target;
  const given = [Input, InputPath, transformer].filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1) return `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`;
  if (isEventBus(arn)) return `Modifying the input for target ${id} is not supported.`;
  if (isLogGroup(arn) && transformer === undefined) return `Input for target ${id} is not a valid JSON text.`;
  if (Input !== undefined) {
    const where = whereBroken(Input, true);
    return where === undefined ? undefined : `JSON syntax error in input for target ${id}: ${where}`;
  }
  if (transformer !== undefined) return transformerProblem(target, transformer);
  return InputPath !== undefined && isPath(InputPath) ? undefined : `Invalid InputPath for target ${id}.`;
}

function isEventBus(arn: string): boolean {
  return /^arn:[^:]*:events:[^:]*:[^:]*:event-bus\//.test(arn);
}

/** Our text: AWS says of paths only that not all of JSONPath is read. */
function isPath(text: string): boolean {
  return text === '' || parseJsonPath(text) !== undefined;
}

function transformerProblem({ Id: id = '', Arn: arn = '' }: Target, transformer: InputTransformer): string | undefined {
  const { InputTemplate = '', InputPathsMap = {} } = transformer;
  // AWS: API reference, InputTransformer: "The keys cannot start with "AWS"". The text is plausible.
  const reserved = Object.keys(InputPathsMap).find((key) => key.startsWith('AWS'));
  if (reserved !== undefined) return `InputPathsMap for target ${id} contains reserved key ${reserved}.`;
  const wrong = Object.values(InputPathsMap).find((text) => parseJsonPath(text) === undefined);
  if (wrong !== undefined) return `InputPathsMap for target ${id} contains invalid path ${wrong}.`;
  const template = parseTemplate(InputTemplate);
  const names = new Set([...Object.keys(InputPathsMap), ...PREDEFINED.keys()]);
  const unknown = template.placeholders.find(({ name }) => !names.has(name));
  if (unknown !== undefined) return `InputTemplate for target ${id} contains invalid placeholder ${unknown.name}.`;
  const filled = filledWithNull(template);
  // AWS: API reference, InputTransformer: "The placeholder cannot be used as an object key."
  const isKey = template.placeholders.some(({ isInKey }) => isInKey);
  const where = isKey ? placeIn(filled, 0) : whereBroken(filled, template.isJson);
  if (where !== undefined) return `Invalid InputTemplate for target ${id} : ${where}`;
  return isLogGroup(arn) && !hasLogEntryForm(filled) ? `Input for target ${id} is not a valid JSON text.` : undefined;
}

function filledWithNull({ parts }: Template): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.isQuoted ? '' : 'null')).join('');
}

/** Where text stops being JSON, as Jackson writes it. What is not an object or array may be several values: a text in lines. */
function whereBroken(text: string, isOneValue: boolean): string | undefined {
  if (!isOneValue) return whereTextBroken(text);
  try {
    const tokens = new JsonTokens(text);
    while (tokens.next() !== 'end');
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternSyntaxError)) throw error;
    return error.message.slice(error.message.indexOf('[Source: '));
  }
}

function whereTextBroken(text: string): string | undefined {
  let at = skipSpace(text, 0);
  do {
    const { start, end } = valueAt(text, at);
    if (!isJson(text.slice(start, end))) return placeIn(text, end);
    at = skipSpace(text, end);
  } while (at < text.length);
  return undefined;
}

function placeIn(text: string, at: number): string {
  const place = new JsonTokens(text).located('', at);
  return place.slice(place.indexOf('[Source: '));
}
