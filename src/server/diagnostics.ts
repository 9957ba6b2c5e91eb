// What the server tells its operator: the banner on stdout, problems on stderr, as lines for people or one JSON object a line. Never bodies,
// never secrets.

import type { Config } from './config/config.ts';
import type { RequestLog } from './passage.ts';
import { scrubbed } from './scrub.ts';

export class Diagnostics {
  constructor(private readonly config: Pick<Config, 'log' | 'logFormat'>) {}

  /** A fact about the server that nobody has to act on. */
  info(text: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (this.config.log === 'quiet') return;
    if (this.config.logFormat === 'json') this.write(process.stdout, 'info', text, fields);
    else process.stdout.write(`${text}\n`);
  }

  /** Something the operator should know. */
  problem(text: string, error?: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : String(error);
    if (this.config.logFormat === 'json') this.write(process.stderr, 'error', text, detail === '' ? {} : { detail });
    else process.stderr.write(scrubbed(`eddy: ${text}${detail === '' ? '' : `: ${detail}`}\n`));
  }

  /** One line a request; undefined when nobody wants them. */
  requestLog(): RequestLog | undefined {
    if (this.config.log !== 'requests') return undefined;
    return ({ service, operation, scope, requestId, code, status, ms }) => {
      if (this.config.logFormat === 'json') {
        const { account, region } = scope ?? {};
        const rounded = Math.round(ms * 100) / 100;
        const fields = { service, op: operation, account, region, requestId, status, errCode: code, ms: rounded };
        this.write(process.stdout, 'info', 'request', fields);
        return;
      }
      const where = scope === undefined ? '' : ` ${scope.account}/${scope.region}`;
      process.stdout.write(`${service}.${operation}${where} ${code ?? 'OK'} ${ms.toFixed(1)} ms ${requestId}\n`);
    };
  }

  private write(
    stream: NodeJS.WriteStream,
    level: string,
    msg: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    stream.write(scrubbed(`${JSON.stringify({ ts: new Date().toISOString(), level, msg, ...fields })}\n`));
  }
}
