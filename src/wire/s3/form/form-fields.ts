// The fields of a form that stand before its file. Names are compared without case; AWS: "The post parameters are case insensitive" (API
// reference, "Example: Browser-Based Upload using HTTP POST").

export interface FormField {
  /** As sent. */
  readonly name: string;
  readonly value: string;
}

const FILENAME = /\$\{filename\}/g;

export class FormFields {
  private readonly fields = new Map<string, FormField>();

  /** AWS: "If you have multiple fields with the same name, the values must be separated by commas". */
  add(name: string, value: string): void {
    const key = name.toLowerCase();
    const before = this.fields.get(key);
    this.fields.set(key, before === undefined ? { name, value } : { ...before, value: `${before.value},${value}` });
  }

  /** By its name in lower case. An empty field is there. */
  value(name: string): string | undefined {
    return this.fields.get(name)?.value;
  }

  /** Names in lower case. */
  get entries(): IterableIterator<[string, FormField]> {
    return this.fields.entries();
  }

  /** Of all values together, in characters. */
  get length(): number {
    let length = 0;
    for (const { value } of this.fields.values()) length += value.length;
    return length;
  }

  /**
   * AWS: "The variable ${filename} is automatically replaced with the name of the file … and is recognized by all form fields". A file that
   * comes without a name leaves it as it is (recorded in LocalStack's snapshots).
   */
  withFilename(filename: string | undefined): FormFields {
    if (filename === undefined) return this;
    const filled = new FormFields();
    for (const { name, value } of this.fields.values())
      filled.add(
        name,
        value.replace(FILENAME, () => filename),
      );
    return filled;
  }
}
