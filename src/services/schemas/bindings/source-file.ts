export interface SourceFile {
  /** In the archive, with forward slashes. */
  readonly path: string;
  readonly text: string;
}
