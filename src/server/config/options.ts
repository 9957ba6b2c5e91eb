// Every option of `eddy start`, once: its flag, its environment variable and its help come from this table. No schema library on the
// start path: loading one costs more than the rest of the configuration together.

export interface OptionSpec {
  /** `data-dir`: the flag is `--data-dir`, the variable `EDDY_DATA_DIR`. */
  readonly name: string;
  readonly kind: 'switch' | 'port' | 'text' | 'choice' | 'list';
  readonly choices?: readonly string[];
  readonly fallback: string;
  /** One line for `--help`. */
  readonly help: string;
}

export const OPTIONS = [
  { name: 'port', kind: 'port', fallback: '4566', help: 'Port to listen on; 0 takes any free one.' },
  { name: 'host', kind: 'text', fallback: '127.0.0.1', help: 'Address to listen on.' },
  { name: 'data-dir', kind: 'text', fallback: './.eddy', help: 'Directory of the journal and the code of functions.' },
  {
    name: 'ephemeral',
    kind: 'switch',
    fallback: 'false',
    help: 'Keep everything in memory; nothing survives the process.',
  },
  {
    name: 'iam',
    kind: 'choice',
    choices: ['off', 'explain', 'enforce'],
    fallback: 'explain',
    help: 'Policies: not asked, asked and explained, or enforced.',
  },
  {
    name: 'auth',
    kind: 'choice',
    choices: ['relaxed', 'strict'],
    fallback: 'relaxed',
    help: 'Signatures: any key is taken, or every request must verify.',
  },
  {
    name: 'clock',
    kind: 'choice',
    choices: ['real', 'frozen'],
    fallback: 'real',
    help: 'Time runs, or stands until it is moved.',
  },
  {
    name: 'limits',
    kind: 'choice',
    choices: ['machine', 'aws'],
    fallback: 'machine',
    help: "Quotas: those clients depend on, or also those that only protect AWS's fleet.",
  },
  {
    name: 'log',
    kind: 'choice',
    choices: ['quiet', 'info', 'requests'],
    fallback: 'info',
    help: 'Nothing but problems, the banner, or one line a request.',
  },
  {
    name: 'log-format',
    kind: 'choice',
    choices: ['text', 'json'],
    fallback: 'text',
    help: 'For people, or one JSON object a line.',
  },
  {
    name: 'insecure',
    kind: 'switch',
    fallback: 'false',
    help: 'Allow other machines to connect without strict authentication.',
  },
  {
    name: 'allowed-hosts',
    kind: 'list',
    fallback: '',
    help: 'More names that a Host header may carry, separated by commas.',
  },
  {
    name: 'allowed-origins',
    kind: 'list',
    fallback: '',
    help: 'Web origins whose pages may call (CORS), separated by commas.',
  },
  {
    name: 'allow-outbound',
    kind: 'list',
    fallback: '',
    help: 'Where requests to HTTP endpoints may go: loopback, private, public, CIDR ranges.',
  },
  {
    name: 'webhooks',
    kind: 'text',
    fallback: '',
    help: 'File that says which webhooks are taken as partner event sources (JSON).',
  },
  { name: 'trust-proxy', kind: 'switch', fallback: 'false', help: 'Believe X-Forwarded-Host, -Proto and -For.' },
  {
    name: 'advertised-url',
    kind: 'text',
    fallback: '',
    help: 'URL of this server for what leaves a request, http://HOST:PORT.',
  },
] as const satisfies readonly OptionSpec[];

export type OptionName = (typeof OPTIONS)[number]['name'];

/** Variables that are not options of `start`. */
export const OTHER_VARIABLES = [
  'EDDY_ENDPOINT',
  'EDDY_ROOT_ACCESS_KEY_ID',
  'EDDY_ROOT_SECRET_ACCESS_KEY',
  'EDDY_ROOT_ACCOUNT',
] as const;

export function variableOf(name: string): string {
  return `EDDY_${name.toUpperCase().replaceAll('-', '_')}`;
}

export function specOf(name: string): OptionSpec | undefined {
  return OPTIONS.find((option) => option.name === name);
}
