// Addresses of a host's name, asked of the operating system (so that /etc/hosts and a container's own names count). Lookups of one name that
// run at the same time are one; answers are believed for a moment, failures too: a name whose lookup hangs then occupies one of the few threads
// that the process has for lookups, however many requests want it.

import { lookup } from 'node:dns';
import { isIP } from 'node:net';

export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

export type HostAddresses = readonly HostAddress[];

/** Asks the system; replaced in tests. */
export type AskForName = (name: string) => Promise<HostAddresses>;

/** How long an answer is believed. */
const BELIEVED_MS = 5_000;
const NAMES_MAX = 1_000;

export class HostDirectory {
  private readonly known = new Map<string, { readonly answer: Promise<HostAddresses>; untilMs: number }>();

  constructor(
    private readonly ask: AskForName = askSystem,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Rejects with the system's error when the name has no address. */
  find(host: string): Promise<HostAddresses> {
    const family = isIP(host);
    if (family !== 0) return Promise.resolve([{ address: host, family }]);
    const known = this.known.get(host);
    if (known !== undefined && this.nowMs() < known.untilMs) return known.answer;
    if (this.known.size >= NAMES_MAX) this.known.clear();
    const entry = { answer: this.ask(host), untilMs: Number.POSITIVE_INFINITY };
    this.known.set(host, entry);
    const believe = (): void => {
      entry.untilMs = this.nowMs() + BELIEVED_MS;
    };
    entry.answer.then(believe, believe);
    return entry.answer;
  }
}

function askSystem(name: string): Promise<HostAddresses> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true, verbatim: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}
