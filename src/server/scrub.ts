// Takes control characters out of diagnostics: what a client sent must not be able to draw on the operator's terminal.

export function scrubbed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
}
