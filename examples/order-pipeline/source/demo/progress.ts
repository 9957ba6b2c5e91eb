// A bar for people at a terminal; a line now and then for everybody else.

const WIDTH = 30;
const LINES = 10;

export class Progress {
  private done = 0;
  private shown = -1;
  private readonly startMs = performance.now();

  constructor(
    private readonly total: number,
    private readonly out: NodeJS.WriteStream,
    private readonly unit: string,
  ) {}

  step(): void {
    this.done += 1;
    const parts = this.out.isTTY ? Math.min(this.total, 200) : LINES;
    const part = Math.floor((this.done * parts) / this.total);
    if (part === this.shown) return;
    this.shown = part;
    this.show();
  }

  /** The bar's place is free for other lines. */
  end(): void {
    if (this.out.isTTY) this.out.write('\n');
  }

  private show(): void {
    const { done, total, unit, out } = this;
    const perSecond = Math.round((done * 1_000) / Math.max(1, performance.now() - this.startMs));
    const percent = Math.floor((done * 100) / total);
    const text = `${done} of ${total} ${unit}, ${perSecond}/s`;
    if (!out.isTTY) {
      out.write(`  ${String(percent).padStart(3)} %  ${text}\n`);
      return;
    }
    const full = Math.round((done * WIDTH) / total);
    out.write(`\r  ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(percent).padStart(3)} %  ${text}  `);
  }
}
