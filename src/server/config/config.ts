// From arguments and environment to a checked configuration. Order: flag, then variable, then default. Whatever is not known is refused
// with the nearest name that is: a mistyped security flag that is silently ignored is worse than a server that does not start.

import { resolve } from 'node:path';
import { StartupProblem } from '#base/startup-problem.ts';
import type { IamMode } from '#cell/authorization.ts';
import type { Limits } from '#cell/limits.ts';
import type { Webhook } from '../webhooks/webhook.ts';
import { readWebhookFile } from '../webhooks/webhook-file.ts';
import { nearestName } from './nearest-name.ts';
import { OPTIONS, type OptionName, OTHER_VARIABLES, specOf, variableOf } from './options.ts';
import { type OutboundOption, outboundOf } from './outbound-option.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly isEphemeral: boolean;
  readonly iam: IamMode;
  readonly auth: 'relaxed' | 'strict';
  readonly clock: 'real' | 'frozen';
  readonly limits: Limits['mode'];
  readonly log: 'quiet' | 'info' | 'requests';
  readonly logFormat: 'text' | 'json';
  readonly isInsecure: boolean;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly outbound: OutboundOption;
  readonly webhooks: readonly Webhook[];
  readonly trustsProxy: boolean;
  readonly advertisedUrl: string | undefined;
  /** Given by the environment; otherwise made by the server when strict authentication needs it. */
  readonly rootKey: RootKey | undefined;
  readonly rootAccount: string;
}

export interface RootKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readConfig(args: readonly string[], environment: Environment): Config {
  refuseUnknownVariables(environment);
  const flags = readFlags(args);
  const value = (name: OptionName): string => {
    const flag = flags.get(name);
    if (flag !== undefined) return checked(name, flag, `--${name}`);
    const variable = environment[variableOf(name)];
    if (variable !== undefined && variable !== '') return checked(name, variable, variableOf(name));
    return specOf(name)?.fallback ?? '';
  };
  const list = (name: OptionName): string[] =>
    value(name)
      .split(',')
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== '');
  const config: Config = {
    port: Number(value('port')),
    host: value('host'),
    dataDir: resolve(value('data-dir')),
    isEphemeral: value('ephemeral') === 'true',
    iam: value('iam') as IamMode,
    auth: value('auth') as Config['auth'],
    clock: value('clock') as Config['clock'],
    limits: value('limits') as Limits['mode'],
    log: value('log') as Config['log'],
    logFormat: value('log-format') as Config['logFormat'],
    isInsecure: value('insecure') === 'true',
    allowedHosts: list('allowed-hosts'),
    allowedOrigins: list('allowed-origins'),
    outbound: outboundOf(list('allow-outbound'), isLoopback(value('host'))),
    webhooks: value('webhooks') === '' ? [] : readWebhookFile(value('webhooks'), environment),
    trustsProxy: value('trust-proxy') === 'true',
    advertisedUrl: advertisedUrlOf(value('advertised-url')),
    ...rootOf(environment),
  };
  refuseUnkept(config, flags);
  refuseOpenDoor(config);
  refuseUnknowableKey(config);
  return config;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function refuseUnknownVariables(environment: Environment): void {
  const known = [...OPTIONS.map((option) => variableOf(option.name)), ...OTHER_VARIABLES];
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('EDDY_') || (known as string[]).includes(name)) continue;
    throw new StartupProblem('CFG-02', `The environment variable ${name} is not known${hint(name, known)}.`);
  }
}

function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

function readFlags(args: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i]!;
    if (!arg.startsWith('--'))
      throw new StartupProblem('CFG-01', `The argument ${arg} is not known; options begin with --.`);
    const equals = arg.indexOf('=');
    const name = equals === -1 ? arg.slice(2) : arg.slice(2, equals);
    const spec = specOf(name);
    if (spec === undefined) {
      const known = OPTIONS.map((option) => `--${option.name}`);
      throw new StartupProblem('CFG-01', `The option --${name} is not known${hint(`--${name}`, known)}.`);
    }
    if (equals !== -1) flags.set(name, arg.slice(equals + 1));
    else if (spec.kind === 'switch') flags.set(name, 'true');
    else {
      i += 1;
      const following = args[i];
      if (following === undefined) throw new StartupProblem('CFG-03', `The option --${name} needs a value.`);
      flags.set(name, following);
    }
  }
  return flags;
}

const SWITCH_WORDS: Readonly<Record<string, string>> = {
  true: 'true',
  '1': 'true',
  yes: 'true',
  on: 'true',
  false: 'false',
  '0': 'false',
  no: 'false',
  off: 'false',
};

function checked(name: OptionName, text: string, origin: string): string {
  const spec = specOf(name)!;
  if (spec.kind === 'switch') {
    const word = SWITCH_WORDS[text.toLowerCase()];
    if (word === undefined)
      throw new StartupProblem('CFG-03', `${origin} is true or false, not ${JSON.stringify(text)}.`);
    return word;
  }
  if (spec.kind === 'port') {
    const isPort = /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
    if (!isPort)
      throw new StartupProblem('CFG-03', `${origin} is a port number from 0 to 65535, not ${JSON.stringify(text)}.`);
  }
  if (spec.kind === 'choice' && spec.choices?.includes(text) !== true) {
    throw new StartupProblem('CFG-03', `${origin} is one of ${spec.choices?.join(', ')}, not ${JSON.stringify(text)}.`);
  }
  if (spec.kind === 'text' && text === '') throw new StartupProblem('CFG-03', `${origin} needs a value.`);
  return text;
}

function advertisedUrlOf(text: string): string | undefined {
  if (text === '') return undefined;
  const isBase = /^https?:\/\/[A-Za-z0-9.[\]:-]+$/.test(text) && URL.canParse(text);
  if (!isBase)
    throw new StartupProblem('CFG-03', `The advertised URL is like http://host:4566, not ${JSON.stringify(text)}.`);
  return text;
}

function rootOf(environment: Environment): { rootKey: RootKey | undefined; rootAccount: string } {
  const accessKeyId = environment['EDDY_ROOT_ACCESS_KEY_ID'];
  const secretAccessKey = environment['EDDY_ROOT_SECRET_ACCESS_KEY'];
  const rootAccount = environment['EDDY_ROOT_ACCOUNT'] ?? '000000000000';
  if (!/^\d{12}$/.test(rootAccount)) throw new StartupProblem('CFG-03', 'EDDY_ROOT_ACCOUNT has 12 digits.');
  if (accessKeyId === undefined && secretAccessKey === undefined) return { rootKey: undefined, rootAccount };
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new StartupProblem('CFG-03', 'EDDY_ROOT_ACCESS_KEY_ID and EDDY_ROOT_SECRET_ACCESS_KEY are set together.');
  }
  if (!/^\w{16,128}$/.test(accessKeyId)) {
    throw new StartupProblem('CFG-03', 'EDDY_ROOT_ACCESS_KEY_ID has 16 to 128 letters, digits or underscores.');
  }
  if (secretAccessKey.length < 16)
    throw new StartupProblem('CFG-03', 'EDDY_ROOT_SECRET_ACCESS_KEY has at least 16 characters.');
  return { rootKey: { accessKeyId, secretAccessKey }, rootAccount };
}

/** Other machines may only come in with verified signatures, or when somebody has spelled out that they may. */
function refuseOpenDoor(config: Config): void {
  if (isLoopback(config.host) || config.auth === 'strict' || config.isInsecure) return;
  throw new StartupProblem(
    'CFG-04',
    `Listening on ${config.host} lets other machines in: add --auth strict, or --insecure if everybody there may do everything.`,
  );
}

/** One that the environment has for other starts contradicts nothing. */
function refuseUnkept({ isEphemeral }: Config, flags: ReadonlyMap<string, string>): void {
  if (!isEphemeral || !flags.has('data-dir')) return;
  throw new StartupProblem('CFG-03', 'With --ephemeral nothing is kept: leave --data-dir out, or --ephemeral.');
}

/** A root key that is made is told by a file of the data directory; in memory nobody could ever learn it. */
function refuseUnknowableKey({ isEphemeral, auth, rootKey }: Config): void {
  if (!isEphemeral || auth !== 'strict' || rootKey !== undefined) return;
  throw new StartupProblem(
    'CFG-06',
    'With --ephemeral, --auth strict needs a root key: set EDDY_ROOT_ACCESS_KEY_ID and EDDY_ROOT_SECRET_ACCESS_KEY.',
  );
}
