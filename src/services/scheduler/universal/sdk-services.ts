// Universal targets name services as AWS's SDKs do: `sqs`, `eventbridge`, `cloudwatchlogs`; and operations in camel case: `sendMessage`.
// AWS, Scheduler user guide, "Using universal targets": `arn:aws:scheduler:::aws-sdk:service:apiAction`.

import type { WireOperation, WireService, WireServices } from '#wire/services.ts';

export interface UniversalName {
  readonly service: string;
  readonly action: string;
}

export interface UniversalOperation {
  readonly service: WireService;
  readonly operation: WireOperation;
}

const UNIVERSAL_ARN = /^arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:([^:]+):([^:]+)$/;

/** AWS, "Using universal targets", "Unsupported actions". */
const READ_ONLY = [
  ...['get', 'describe', 'list', 'poll', 'receive', 'search', 'scan', 'query', 'select', 'read', 'lookup', 'discover'],
  ...['validate', 'batchGet', 'batchDescribe', 'batchRead', 'transactGet', 'adminGet', 'adminList', 'testMigration'],
  ...['retrieve', 'testConnection', 'translateDocument', 'isAuthorized', 'invokeModel'],
];

export function parseUniversalArn(arn: string): UniversalName | undefined {
  const [, service, action] = UNIVERSAL_ARN.exec(arn) ?? [];
  return service === undefined || action === undefined ? undefined : { service, action };
}

export class SdkServices {
  private readonly byIdentifier: ReadonlyMap<string, WireService>;

  constructor(wire: WireServices) {
    this.byIdentifier = new Map(wire.all.map((service) => [identifierOf(service), service]));
  }

  service(identifier: string): WireService | undefined {
    return this.byIdentifier.get(identifier);
  }

  /** The operation that a schedule may call; undefined for those that only read, and for what does not exist. */
  find({ service: identifier, action }: UniversalName): UniversalOperation | undefined {
    const service = this.byIdentifier.get(identifier);
    const isCamelCase = /^[a-z][A-Za-z0-9]*$/.test(action);
    if (service === undefined || !isCamelCase || READ_ONLY.some((prefix) => action.startsWith(prefix)))
      return undefined;
    const operation = service.operation(capitalized(action));
    return operation === undefined ? undefined : { service, operation };
  }
}

/** `CloudWatch Logs` is `cloudwatchlogs`. */
function identifierOf({ schema }: WireService): string {
  return schema.serviceId.toLowerCase().replaceAll(' ', '');
}

export function capitalized(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
