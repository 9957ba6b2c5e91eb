// The head of a form's part: which field it is, and the name of the file where there is one. RFC 7578, 4.2.

export interface PartHead {
  /** Undefined: it is no part of a form. */
  readonly name: string | undefined;
  /** Without folders. Undefined: the part has none. */
  readonly filename: string | undefined;
}

const PARAMETER = /;\s*([\w*-]+)=(?:"((?:\\"|[^"])*)"|([^;\s]*))/g;
const NO_PART: PartHead = { name: undefined, filename: undefined };

export function readPartHead(head: string): PartHead {
  const line = head.split('\r\n').find((each) => /^content-disposition\s*:/i.test(each));
  const value = line?.slice(line.indexOf(':') + 1).trim();
  if (value === undefined || !/^form-data(?:\s*;|$)/i.test(value)) return NO_PART;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of value.matchAll(PARAMETER)) {
    // Browsers escape nothing with a backslash, old ones send a path with some; only an escaped quotation mark is one.
    if (!parameters.has(name.toLowerCase()))
      parameters.set(name.toLowerCase(), quoted?.replaceAll('\\"', '"') ?? plain);
  }
  const filename = parameters.get('filename');
  return { name: parameters.get('name'), filename: filename === undefined ? undefined : withoutFolders(filename) };
}

/** AWS: "only the text following the last slash (/) or backslash (\) is used". */
function withoutFolders(filename: string): string {
  return filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
}
