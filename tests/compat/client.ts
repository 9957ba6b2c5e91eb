// What a scenario knows of a client: AWS's operations by AWS's names. JavaScript, Python and the command line behind it differ in everything
// else. Members are those of the services' own models, so a scenario is the same text for all.

import type { Operations as Iam } from '#wire/generated/iam.ts';
import type { Operations as Kinesis } from '#wire/generated/kinesis.ts';
import type { Operations as Lambda } from '#wire/generated/lambda.ts';
import type { Operations as Logs } from '#wire/generated/logs.ts';
import type { Operations as Sns } from '#wire/generated/sns.ts';
import type { Operations as Sqs } from '#wire/generated/sqs.ts';
import type { Operations as Sts } from '#wire/generated/sts.ts';

export interface Services {
  readonly sqs: Sqs;
  readonly sns: Sns;
  readonly kinesis: Kinesis;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly iam: Iam;
  readonly sts: Sts;
}

export type ServiceName = keyof Services;
type Input<S extends ServiceName, N extends keyof Services[S]> = Services[S][N] extends { readonly input: infer I }
  ? I
  : never;
type Output<S extends ServiceName, N extends keyof Services[S]> = Services[S][N] extends { readonly output: infer O }
  ? O
  : never;

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
  readonly key: Key;
}

/** How a client is driven. A refusal of the server is thrown as {@link Refusal}. */
export interface Driver {
  readonly name: string;
  call(call: Call): Promise<unknown>;
  close(): void;
}

/** What the client made of an error. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    /** The name its users catch: the shape's, where the service models the error. */
    readonly code: string,
    override readonly message: string,
  ) {
    super(message);
  }
}

/** A driver with a key: what scenarios are written against. */
export class Client {
  constructor(
    private readonly driver: Driver,
    private readonly key: Key,
  ) {}

  /** Begins the names of what a scenario makes, so that clients do not meet. */
  get prefix(): string {
    return this.driver.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  }

  as(key: Key): Client {
    return new Client(this.driver, key);
  }

  call<S extends ServiceName, N extends keyof Services[S] & string>(
    service: S,
    operation: N,
    input: Input<S, N>,
  ): Promise<Output<S, N>> {
    return this.driver.call({ service, operation, input: input as object, key: this.key }) as Promise<Output<S, N>>;
  }

  /** Code and text of the refusal; fails when there is none. */
  async refusal<S extends ServiceName, N extends keyof Services[S] & string>(
    service: S,
    operation: N,
    input: Input<S, N>,
  ): Promise<string> {
    try {
      await this.call(service, operation, input);
    } catch (error) {
      if (error instanceof Refusal) return `${error.code}: ${error.message}`;
      throw error;
    }
    throw new Error(`${operation} was not refused`);
  }
}
