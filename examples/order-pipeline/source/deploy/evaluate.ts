// Brings a module to life: each resource once, after those that it refers to, as many at once as that allows.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Block, Expression } from './hcl.ts';

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Values = { readonly [name: string]: Value };

/** A resource's arguments: attributes by name, nested blocks by name as lists. */
export interface Arguments {
  readonly values: Values;
  readonly blocks: { readonly [name: string]: readonly Arguments[] };
}

/** Creates one resource; gives the attributes that others may refer to. */
export type Create = (args: Arguments) => Promise<Values>;

export interface Deployed {
  /** By address: `aws_sqs_queue.orders`. */
  readonly resources: ReadonlyMap<string, Values>;
  readonly outputs: Readonly<Record<string, Value>>;
}

interface Deployment {
  readonly folder: string;
  readonly blocks: readonly Block[];
  readonly variables: Readonly<Record<string, string>>;
  readonly creators: Readonly<Record<string, Create>>;
  onCreated(address: string): void;
}

export async function deployModule(deployment: Deployment): Promise<Deployed> {
  const evaluation = new Evaluation(deployment);
  const outputs: Record<string, Value> = {};
  for (const block of deployment.blocks) {
    const [type = '', name = ''] = block.labels;
    if (block.type === 'resource') evaluation.resource(`${type}.${name}`).catch(() => {});
  }
  await evaluation.all();
  for (const block of deployment.blocks) {
    if (block.type === 'output') outputs[block.labels[0] ?? ''] = await evaluation.value(block.attributes.get('value'));
  }
  return { resources: await evaluation.all(), outputs };
}

class Evaluation {
  private readonly created = new Map<string, Promise<Values>>();

  constructor(private readonly deployment: Deployment) {}

  async all(): Promise<Map<string, Values>> {
    const found = new Map<string, Values>();
    for (const [address, values] of this.created) found.set(address, await values);
    return found;
  }

  resource(address: string): Promise<Values> {
    const known = this.created.get(address);
    if (known !== undefined) return known;
    const making = this.create(address);
    this.created.set(address, making);
    return making;
  }

  async value(expression: Expression | undefined): Promise<Value> {
    if (expression === undefined) return null;
    switch (expression.kind) {
      case 'value':
        return expression.value;
      case 'list':
        return Promise.all(expression.items.map((item) => this.value(item)));
      case 'template': {
        const parts = expression.parts.map((part) => (typeof part === 'string' ? part : this.value(part)));
        return (await Promise.all(parts)).join('');
      }
      case 'object': {
        const made = expression.entries.map(async ([key, value]) => [
          typeof key === 'string' ? key : String(await this.value(key)),
          await this.value(value),
        ]);
        return Object.fromEntries(await Promise.all(made)) as Values;
      }
      case 'call':
        return this.call(expression.name, await Promise.all(expression.args.map((argument) => this.value(argument))));
      case 'reference':
        return this.reference(expression.path);
    }
  }

  private async create(address: string): Promise<Values> {
    const [type, name] = address.split('.') as [string, string];
    const block = this.deployment.blocks.find(
      ({ type: kind, labels }) => kind === 'resource' && labels[0] === type && labels[1] === name,
    );
    if (block === undefined) throw new Error(`there is no resource ${address}`);
    const creator = this.deployment.creators[type];
    if (creator === undefined) throw new Error(`nothing here creates ${type} through the SDK`);
    const after = block.attributes.get('depends_on');
    if (after?.kind === 'list') await Promise.all(after.items.map((item) => this.dependency(item)));
    try {
      const made = await creator(await this.argumentsOf(block));
      this.deployment.onCreated(address);
      return made;
    } catch (error) {
      throw new Error(`${address}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  private async dependency(item: Expression): Promise<void> {
    if (item.kind === 'reference') await this.resource(item.path.slice(0, 2).join('.'));
  }

  private async argumentsOf({ attributes, blocks }: Block): Promise<Arguments> {
    const values: Record<string, Value> = {};
    const nested: Record<string, Arguments[]> = {};
    for (const [name, expression] of attributes) {
      if (name !== 'depends_on') values[name] = await this.value(expression);
    }
    for (const block of blocks) {
      if (block.type === 'lifecycle') continue;
      nested[block.type] = [...(nested[block.type] ?? []), await this.argumentsOf(block)];
    }
    return { values, blocks: nested };
  }

  private async reference(path: readonly string[]): Promise<Value> {
    const [first = '', second = '', third] = path;
    if (first === 'var') return this.variable(second);
    if (first === 'path') return this.deployment.folder;
    if (first === 'local') return this.local(second);
    const values = await this.resource(`${first}.${second}`);
    const value = third === undefined ? undefined : values[third];
    if (value === undefined) throw new Error(`${path.join('.')} is not known`);
    return value;
  }

  private async variable(name: string): Promise<Value> {
    const given = this.deployment.variables[name];
    if (given !== undefined) return given;
    const block = this.deployment.blocks.find(({ type, labels }) => type === 'variable' && labels[0] === name);
    return this.value(block?.attributes.get('default'));
  }

  private async local(name: string): Promise<Value> {
    const block = this.deployment.blocks.find(({ type, attributes }) => type === 'locals' && attributes.has(name));
    return this.value(block?.attributes.get(name));
  }

  private call(name: string, [argument]: readonly Value[]): Value {
    if (name === 'jsonencode') return JSON.stringify(argument);
    if (name === 'filebase64sha256') {
      return createHash('sha256')
        .update(readFileSync(String(argument)))
        .digest('base64');
    }
    throw new Error(`the function ${name} is not known`);
  }
}
