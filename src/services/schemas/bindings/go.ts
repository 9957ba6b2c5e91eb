// Go bindings: structs with tags for encoding/json, and a Marshaller. A name that a tag cannot hold (quotes, commas, backslashes) has no field; a comment
// names it. Go 1.

import { Identifiers } from './identifiers.ts';
import type { BindingModel, ClassModel, FieldType } from './model.ts';
import type { SourceFile } from './source-file.ts';

/** encoding/json: names of tags are letters, digits and these. A backquote would end the tag. */
const TAG_NAME = /^[\p{L}\p{N}!#$%&()*+\-./:;<=>?@[\]^_{|}~ ]+$/u;
const KEYWORDS: ReadonlySet<string> = new Set();
const PACKAGE_KEYWORDS: ReadonlySet<string> = new Set([
  ...['break', 'case', 'chan', 'const', 'continue', 'default', 'defer', 'else', 'fallthrough', 'for', 'func', 'go'],
  ...['goto', 'if', 'import', 'interface', 'map', 'package', 'range', 'return', 'select', 'struct', 'switch', 'type'],
  ...['var', 'main'],
]);

export function goSources({ packagePath, classes }: BindingModel): readonly SourceFile[] {
  const folder = packagePath.join('/');
  const last = packagePath[packagePath.length - 1] as string;
  const name = PACKAGE_KEYWORDS.has(last) ? `${last}_` : last;
  const [root] = classes as [ClassModel];
  return [
    ...classes.map((one) => ({ path: `${folder}/${one.name}.go`, text: classText(one, name, classes) })),
    { path: `${folder}/Marshaller.go`, text: marshallerText(root.name, name) },
  ];
}

function classText({ name, fields }: ClassModel, packageName: string, classes: readonly ClassModel[]): string {
  const identifiers = new Identifiers('pascal', KEYWORDS);
  const own = fields.filter((field) => isTagName(field.name));
  const members = own.map(({ name: key, type, isRequired }) => {
    const isPointer = !isRequired && type.kind !== 'list' && type.kind !== 'map' && type.kind !== 'any';
    const pointer = isPointer || (type.kind === 'class' && holds(classes, type.name, name)) ? '*' : '';
    const omit = isRequired ? '' : ',omitempty';
    return `\t${identifiers.of(key)} ${pointer}${typeText(type)} \`json:"${key}${omit}"\`\n`;
  });
  const left = fields.filter((field) => !isTagName(field.name));
  const notes = left.map((field) => `\t// Has no field, for its name cannot be a tag: ${JSON.stringify(field.name)}\n`);
  const usesTime = own.some(({ type }) => hasInstant(type));
  const imports = usesTime ? 'import "time"\n\n' : '';
  return `package ${packageName}\n\n${imports}type ${name} struct {\n${members.join('')}${notes.join('')}}\n`;
}

/** Whether a value of the class would have one of the other inside: a struct that holds itself has no size. */
function holds(classes: readonly ClassModel[], name: string, other: string): boolean {
  const open = [name];
  const seen = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === other) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const fields = classes.find((one) => one.name === next)?.fields ?? [];
    for (const { type } of fields) if (type.kind === 'class') open.push(type.name);
  }
  return false;
}

function isTagName(name: string): boolean {
  return TAG_NAME.test(name) && name !== '-';
}

function hasInstant(type: FieldType): boolean {
  if (type.kind === 'list' || type.kind === 'map') return hasInstant(type.of);
  return type.kind === 'instant';
}

function typeText(type: FieldType): string {
  switch (type.kind) {
    case 'text':
      return 'string';
    case 'instant':
      return 'time.Time';
    case 'integer':
      return 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'list':
      return `[]${typeText(type.of)}`;
    case 'map':
      return `map[string]${typeText(type.of)}`;
    case 'class':
      return type.name;
    default:
      return 'interface{}';
  }
}

function marshallerText(root: string, packageName: string): string {
  return `package ${packageName}

import "encoding/json"

// Unmarshal reads an event from its text.
func Unmarshal(text []byte) (${root}, error) {
	var event ${root}
	err := json.Unmarshal(text, &event)
	return event, err
}

// Marshal writes an event as text.
func Marshal(event ${root}) ([]byte, error) {
	return json.Marshal(event)
}
`;
}
