// Java bindings: beans with `fromMap` and `toMap`, and a Marshaller. AWS's bindings want Jackson; these want nothing: a function gets its event as a Map, and
// every JSON library reads one. Java 8 and later.

import { Identifiers } from './identifiers.ts';
import type { BindingModel, ClassModel, FieldType } from './model.ts';
import type { SourceFile } from './source-file.ts';

const KEYWORDS: ReadonlySet<string> = new Set([
  ...['abstract', 'assert', 'boolean', 'break', 'byte', 'case', 'catch', 'char', 'class', 'const', 'continue'],
  ...['default', 'do', 'double', 'else', 'enum', 'extends', 'false', 'final', 'finally', 'float', 'for', 'goto', 'if'],
  ...['implements', 'import', 'instanceof', 'int', 'interface', 'long', 'native', 'new', 'null', 'package', 'private'],
  ...['protected', 'public', 'return', 'short', 'static', 'strictfp', 'super', 'switch', 'synchronized', 'this'],
  ...['throw', 'throws', 'transient', 'true', 'try', 'void', 'volatile', 'while', 'record', 'var', 'yield', '_'],
]);
/** Also what every object has: `getClass`, and the names that the code below uses. */
const TAKEN = ['class_', 'values', 'made', 'one', 'entry'];

export function javaSources({ packagePath, classes }: BindingModel): readonly SourceFile[] {
  const path = packagePath.map((part) => (KEYWORDS.has(part) ? `${part}_` : part));
  const folder = path.join('/');
  const name = path.join('.');
  const [root] = classes as [ClassModel];
  return [
    ...classes.map((one) => ({ path: `${folder}/${one.name}.java`, text: classText(one, name) })),
    { path: `${folder}/marshaller/Marshaller.java`, text: marshallerText(root.name, name) },
    { path: `${folder}/marshaller/Values.java`, text: valuesText(name) },
  ];
}

function classText({ name, fields }: ClassModel, packageName: string): string {
  const identifiers = new Identifiers('camel', KEYWORDS, TAKEN);
  const own = fields.map((field) => ({ ...field, identifier: identifiers.of(field.name), type: field.type }));
  const members = own.map(({ identifier, type }) => `    private ${typeText(type)} ${identifier};\n`);
  const accessors = own.map(({ identifier, type }) => {
    const suffix = identifier.slice(0, 1).toUpperCase() + identifier.slice(1);
    return `
    public ${typeText(type)} get${suffix}() {
        return ${identifier};
    }

    public void set${suffix}(${typeText(type)} ${identifier}) {
        this.${identifier} = ${identifier};
    }
`;
  });
  const read = own.map(
    ({ identifier, name: key, type }) =>
      `        made.${identifier} = ${reading(type, `values.get(${JSON.stringify(key)})`, 0)};\n`,
  );
  const write = own.map(
    ({ identifier, name: key, type }) =>
      `        if (${identifier} != null) values.put(${JSON.stringify(key)}, ${writing(type, identifier, 0)});\n`,
  );
  return `package ${packageName};

import ${packageName}.marshaller.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class ${name} {
${members.join('')}${accessors.join('')}
    public static ${name} fromMap(Map<String, Object> values) {
        ${name} made = new ${name}();
${read.join('')}        return made;
    }

    public Map<String, Object> toMap() {
        Map<String, Object> values = new LinkedHashMap<>();
${write.join('')}        return values;
    }
}
`;
}

function typeText(type: FieldType): string {
  switch (type.kind) {
    case 'text':
      return 'String';
    case 'instant':
      return 'java.time.OffsetDateTime';
    case 'integer':
      return 'Long';
    case 'number':
      return 'Double';
    case 'boolean':
      return 'Boolean';
    case 'list':
      return `List<${typeText(type.of)}>`;
    case 'map':
      return `Map<String, ${typeText(type.of)}>`;
    case 'class':
      return type.name;
    default:
      return 'Object';
  }
}

/** Parameters of nested lambdas need names of their own. */
function reading(type: FieldType, value: string, depth: number): string {
  switch (type.kind) {
    case 'text':
      return `Values.text(${value})`;
    case 'instant':
      return `Values.instant(${value})`;
    case 'integer':
      return `Values.integer(${value})`;
    case 'number':
      return `Values.number(${value})`;
    case 'boolean':
      return `(Boolean) ${value}`;
    case 'list':
    case 'map':
      return `Values.${type.kind}(${value}, one${depth} -> ${reading(type.of, `one${depth}`, depth + 1)})`;
    case 'class':
      return `Values.object(${value}, ${type.name}::fromMap)`;
    default:
      return value;
  }
}

function writing(type: FieldType, value: string, depth: number): string {
  switch (type.kind) {
    case 'instant':
      return `${value}.toString()`;
    case 'list':
    case 'map':
      return `Values.${type.kind}(${value}, one${depth} -> ${writing(type.of, typed(type.of, `one${depth}`), depth + 1)})`;
    case 'class':
      return `${value}.toMap()`;
    default:
      return value;
  }
}

/** Values.list and map hand out plain objects. */
function typed(type: FieldType, value: string): string {
  return type.kind === 'class' || type.kind === 'instant' ? `((${typeText(type)}) ${value})` : value;
}

function marshallerText(root: string, packageName: string): string {
  return `package ${packageName}.marshaller;

import ${packageName}.${root};
import java.util.Map;

/** Events as maps, the form in which a function gets them and JSON libraries read them. */
public final class Marshaller {
    private Marshaller() {
    }

    public static ${root} unmarshal(Map<String, Object> event) {
        return ${root}.fromMap(event);
    }

    public static Map<String, Object> marshal(${root} event) {
        return event.toMap();
    }
}
`;
}

function valuesText(packageName: string): string {
  return `package ${packageName}.marshaller;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Values of JSON as the types of the classes. */
@SuppressWarnings("unchecked")
public final class Values {
    private Values() {
    }

    public static String text(Object value) {
        return value == null ? null : value.toString();
    }

    public static OffsetDateTime instant(Object value) {
        return value == null ? null : OffsetDateTime.parse(value.toString());
    }

    public static Long integer(Object value) {
        return value == null ? null : Long.valueOf(((Number) value).longValue());
    }

    public static Double number(Object value) {
        return value == null ? null : Double.valueOf(((Number) value).doubleValue());
    }

    public static <T> T object(Object value, Function<Map<String, Object>, T> read) {
        return value == null ? null : read.apply((Map<String, Object>) value);
    }

    public static <T> List<T> list(Object value, Function<Object, T> read) {
        if (value == null) return null;
        List<T> found = new ArrayList<>();
        for (Object one : (List<?>) value) found.add(one == null ? null : read.apply(one));
        return found;
    }

    public static <T> Map<String, T> map(Object value, Function<Object, T> read) {
        if (value == null) return null;
        Map<String, T> found = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            Object one = entry.getValue();
            found.put(entry.getKey().toString(), one == null ? null : read.apply(one));
        }
        return found;
    }
}
`;
}
