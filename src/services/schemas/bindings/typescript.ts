// TypeScript bindings: interfaces with the event's own names, so that an event needs no conversion to be one, and a Marshaller that reads and writes texts.
// Compiles with TypeScript 3 and later.

import type { BindingModel, ClassModel, FieldType } from './model.ts';
import type { SourceFile } from './source-file.ts';

export function typescriptSources({ packagePath, classes }: BindingModel): readonly SourceFile[] {
  const folder = packagePath.join('/');
  const [root] = classes as [ClassModel];
  const files = classes.map((one) => ({ path: `${folder}/${one.name}.ts`, text: classText(one) }));
  const names = classes.map(({ name }) => `export { ${name} } from './${name}';`);
  return [
    ...files,
    { path: `${folder}/marshaller/Marshaller.ts`, text: marshallerText(root.name) },
    {
      path: `${folder}/index.ts`,
      text: `${[...names, "export { Marshaller } from './marshaller/Marshaller';"].join('\n')}\n`,
    },
  ];
}

function classText({ name, fields }: ClassModel): string {
  const imported = new Set(fields.flatMap(({ type }) => classesOf(type)).filter((other) => other !== name));
  const imports = [...imported].sort().map((other) => `import { ${other} } from './${other}';\n`);
  const members = fields.map(({ name: field, type, isRequired }) => {
    const isOptional = isRequired ? '' : '?';
    return `  ${JSON.stringify(field)}${isOptional}: ${typeText(type)}${isRequired ? '' : ' | null'};\n`;
  });
  const head = imports.length === 0 ? '' : `${imports.join('')}\n`;
  return `${head}export interface ${name} {\n${members.join('')}}\n`;
}

function classesOf(type: FieldType): readonly string[] {
  if (type.kind === 'class') return [type.name];
  return type.kind === 'list' || type.kind === 'map' ? classesOf(type.of) : [];
}

function typeText(type: FieldType): string {
  switch (type.kind) {
    case 'text':
    case 'instant':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'list':
      return `Array<${typeText(type.of)}>`;
    case 'map':
      return `{ [key: string]: ${typeText(type.of)} }`;
    case 'class':
      return type.name;
    default:
      return 'any';
  }
}

function marshallerText(root: string): string {
  return `import { ${root} } from '../${root}';

/** Instants stay texts (RFC 3339), names stay the event's own. */
export class Marshaller {
  /** From the event as a function gets it, or from its text. */
  public static unmarshall(event: string | object): ${root} {
    return (typeof event === 'string' ? JSON.parse(event) : event) as ${root};
  }

  public static marshall(event: ${root}): string {
    return JSON.stringify(event);
  }
}
`;
}
