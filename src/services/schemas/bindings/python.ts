// Python bindings: a class for each object, with `from_dict` and `to_dict`, and AWS's Marshaller beside them (SAM's templates call
// `Marshaller.unmarshall(event, AWSEvent)`). Only the standard library; Python 3.6 and later.

import { Identifiers } from './identifiers.ts';
import type { BindingModel, ClassModel, FieldType } from './model.ts';
import type { SourceFile } from './source-file.ts';

const KEYWORDS: ReadonlySet<string> = new Set([
  ...['and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except'],
  ...['finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass'],
  ...['raise', 'return', 'try', 'while', 'with', 'yield', 'match', 'case', 'print', 'exec', 'self', 'values'],
]);

export function pythonSources({ packagePath, classes }: BindingModel): readonly SourceFile[] {
  const folder = packagePath.join('/');
  const parents = packagePath.slice(0, -1).map((_, i) => `${packagePath.slice(0, i + 1).join('/')}/__init__.py`);
  const names = classes.map(({ name }) => `from .${name} import ${name}\n`);
  return [
    ...parents.map((path) => ({ path, text: '' })),
    { path: `${folder}/__init__.py`, text: `${names.join('')}from .Marshaller import Marshaller\n` },
    { path: `${folder}/Marshaller.py`, text: MARSHALLER },
    ...classes.map((one) => ({ path: `${folder}/${one.name}.py`, text: classText(one) })),
  ];
}

function classText({ name, fields }: ClassModel): string {
  const identifiers = new Identifiers('snake', KEYWORDS, ['from_dict', 'to_dict']);
  const own = fields.map((field) => ({ ...field, identifier: identifiers.of(field.name), key: literal(field.name) }));
  const parameters = own.map(({ identifier, type }) => `, ${identifier}: ${hint(type)} = None`).join('');
  const set = own.map(({ identifier }) => `        self.${identifier} = ${identifier}\n`).join('');
  const read = own.map(
    ({ identifier, key, type }) => `        made.${identifier} = ${reading(type, `values.get(${key})`)}\n`,
  );
  const write = own.map(
    ({ identifier, key, type }) =>
      `        if self.${identifier} is not None:\n            values[${key}] = ${writing(type, `self.${identifier}`)}\n`,
  );
  const imported = [...new Set(fields.flatMap(({ type }) => classesOf(type)))].filter((other) => other !== name).sort();
  // Where they are used: classes may refer to each other.
  const imports = imported.map((other) => `        from .${other} import ${other}\n`).join('');
  return `from typing import Any, Dict, List


class ${name}:
    def __init__(self${parameters}):
${set || '        pass\n'}
    @staticmethod
    def from_dict(values: Dict[str, Any]) -> '${name}':
${imports}        made = ${name}()
${read.join('')}        return made

    def to_dict(self) -> Dict[str, Any]:
        values = {}  # type: Dict[str, Any]
${write.join('')}        return values

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, ${name}) and self.to_dict() == other.to_dict()

    def __repr__(self) -> str:
        return '${name}(%r)' % (self.to_dict(),)
`;
}

function classesOf(type: FieldType): readonly string[] {
  if (type.kind === 'class') return [type.name];
  return type.kind === 'list' || type.kind === 'map' ? classesOf(type.of) : [];
}

function hint(type: FieldType): string {
  switch (type.kind) {
    case 'text':
    case 'instant':
      return 'str';
    case 'integer':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    case 'list':
      return `List[${hint(type.of)}]`;
    case 'map':
      return `Dict[str, ${hint(type.of)}]`;
    case 'class':
      return `'${type.name}'`;
    default:
      return 'Any';
  }
}

function reading(type: FieldType, value: string): string {
  if (classesOf(type).length === 0) return value;
  if (type.kind === 'class') return `None if ${value} is None else ${type.name}.from_dict(${value})`;
  const inner = type.kind === 'list' || type.kind === 'map' ? reading(type.of, 'one') : 'one';
  if (type.kind === 'list') return `None if ${value} is None else [${inner} for one in ${value}]`;
  return `None if ${value} is None else {key: ${inner} for key, one in ${value}.items()}`;
}

function writing(type: FieldType, value: string): string {
  if (classesOf(type).length === 0) return value;
  if (type.kind === 'class') return `${value}.to_dict()`;
  const inner =
    type.kind === 'list' || type.kind === 'map' ? `None if one is None else ${writing(type.of, 'one')}` : 'one';
  if (type.kind === 'list') return `[${inner} for one in ${value}]`;
  return `{key: ${inner} for key, one in ${value}.items()}`;
}

/** A string of JSON is one of Python. */
function literal(text: string): string {
  return JSON.stringify(text);
}

const MARSHALLER = `import json
from typing import Any, Dict, Type, TypeVar, Union

Model = TypeVar('Model')


class Marshaller:
    @classmethod
    def unmarshall(cls, event: Union[str, bytes, Dict[str, Any]], model: Type[Model]) -> Model:
        """From the event as a function gets it, or from its text."""
        values = json.loads(event) if isinstance(event, (str, bytes)) else event
        return model.from_dict(values)

    @classmethod
    def marshall(cls, event: Any) -> Dict[str, Any]:
        """Plain values, as a function returns them."""
        return event.to_dict()
`;
