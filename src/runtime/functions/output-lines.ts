// Turns what a child writes into log events: one per line, except that a record of our own runtime clients may span lines.
// Bytes are split before they are decoded, so a character cut between two pieces stays whole.

const LINE_FEED = 0x0a;
const RECORD = '\x1e';
const NEWLINE = '\x1f';
/** A child that never writes a line feed must not grow our memory: AWS cuts log events at 256 KiB as well. */
const LINE_BYTES_MAX = 256 * 1024;

export class OutputLines {
  private readonly pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(private readonly emit: (text: string) => void) {}

  push(piece: Buffer): void {
    let start = 0;
    for (;;) {
      const end = piece.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.keep(piece.subarray(start, end));
      this.flush();
      start = end + 1;
    }
    if (start < piece.length) this.keep(piece.subarray(start));
    if (this.pendingBytes >= LINE_BYTES_MAX) this.flush();
  }

  /** Emits what has come without a line feed. */
  end(): void {
    if (this.pendingBytes > 0) this.flush();
  }

  private keep(part: Buffer): void {
    if (part.length === 0) return;
    this.pending.push(part);
    this.pendingBytes += part.length;
  }

  private flush(): void {
    const bytes = this.pending.length === 1 ? (this.pending[0] as Buffer) : Buffer.concat(this.pending);
    this.pending.length = 0;
    this.pendingBytes = 0;
    const text = bytes.toString('utf8');
    // What was printed without a line feed ends where a record begins: AWS's runtimes keep the two apart as well.
    const start = text.indexOf(RECORD);
    this.show(start < 0 ? text : text.slice(0, start));
    if (start >= 0) this.show(text.slice(start + 1).replaceAll(NEWLINE, '\n'));
  }

  private show(text: string): void {
    // CloudWatch Logs takes no empty event.
    if (text !== '') this.emit(text);
  }
}
