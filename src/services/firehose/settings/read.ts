// The one destination of a request, read, checked and described.

import { parseArn } from '#model/arn.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { DestinationDoc, DestinationKind } from '../documents.ts';
import {
  backupStays,
  destinationTypeFixed,
  foreignGlueRole,
  invalidArgument,
  noDestination,
  notAvailable,
  oneDestination,
  roleNotAssumable,
  validation,
} from '../errors.ts';
import { mayAssumeRole } from '../role.ts';
import type { FirehoseTurn } from '../state.ts';
import { destinationProblem } from './check.ts';
import { conversionOf } from './conversion.ts';
import { type Described, describeDestination, mergedConfiguration } from './describe.ts';
import { violation } from './shape.ts';
import { DESTINATIONS } from './shapes.ts';

type Input = object;
type Configuration = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, DestinationKind>> = {
  S3Destination: 's3',
  ExtendedS3Destination: 's3',
  HttpEndpointDestination: 'http',
  SplunkDestination: 'splunk',
  AmazonopensearchserviceDestination: 'opensearch',
  ElasticsearchDestination: 'elasticsearch',
  RedshiftDestination: 'redshift',
};
const NOT_AVAILABLE = ['IcebergDestination', 'SnowflakeDestination', 'AmazonOpenSearchServerlessDestination'];

/** Members that AWS knows and this server does not, wherever they are. */
const MEMBERS_NOT_AVAILABLE = ['VpcConfiguration', 'DomainARN'];

export interface ReadOptions {
  /** `Configuration` when a stream is created, `Update` when its destination changes. */
  readonly ending: 'Configuration' | 'Update';
  readonly before: DestinationDoc | undefined;
  readonly owner: { readonly arn: string; readonly account: string };
}

export function readDestination(turn: FirehoseTurn, input: Input, options: ReadOptions): Described | Refused {
  const { ending, before, owner } = options;
  const given = input as Configuration;
  const unavailable = NOT_AVAILABLE.find((name) => given[`${name}${ending}`] !== undefined);
  if (unavailable !== undefined) return refuse(notAvailable(`${unavailable}${ending}`));
  const names = Object.keys(KINDS).filter((name) => given[`${name}${ending}`] !== undefined);
  const [name] = names;
  if (name === undefined && ending === 'Update') return refuse(noDestination());
  if (name === undefined || names.length > 1) return refuse(oneDestination());
  const kind = KINDS[name] as DestinationKind;
  if (before !== undefined && changesOpenSearch(before.kind, kind))
    return refuse(destinationTypeFixed(before.kind, kind));
  const same = before?.kind === kind ? before : undefined;
  const configuration = mergedConfiguration(same, given[`${name}${ending}`] as Configuration);
  const shape = DESTINATIONS[name];
  const broken = shape === undefined ? undefined : violation(configuration, shape, `${lowerFirst(name)}${ending}`);
  if (broken !== undefined) return refuse(validation(broken));
  const missing = unavailableMember(configuration);
  if (missing !== undefined) return refuse(missing);
  const described = describeDestination(kind, configuration);
  const problem =
    destinationProblem(described.destination) ??
    (same === undefined ? passwordProblem(described) : changeProblem(same, described.destination));
  if (problem !== undefined) return refuse(problem);
  const unreadable = tableProblem(turn, described.destination, owner);
  if (unreadable !== undefined) return refuse(unreadable);
  const role = rolesOf(described.destination).find((arn) => !mayAssumeRole(turn, owner, arn));
  return role === undefined ? described : refuse(roleNotAssumable(role));
}

/** AWS: "For an Amazon OpenSearch Service destination, you can only update to another Amazon OpenSearch Service destination." */
function changesOpenSearch(before: DestinationKind, after: DestinationKind): boolean {
  const isOpenSearch = (kind: DestinationKind): boolean => kind === 'opensearch' || kind === 'elasticsearch';
  return isOpenSearch(before) !== isOpenSearch(after);
}

/** Of a destination that is new: an update keeps the password that it does not name. */
function passwordProblem({ destination, secrets }: Described): AwsError | undefined {
  if (destination.kind !== 'redshift' || (secrets.password ?? '') !== '') return undefined;
  return invalidArgument('Redshift Database Password is required for Redshift Destination');
}

function changeProblem(before: DestinationDoc, after: DestinationDoc): AwsError | undefined {
  return partitioningChange(before, after) ?? backupChange(before, after);
}

/** API reference, S3BackupMode: "If backup is enabled, you can't update the Firehose stream to disable it"; Splunk: not "from AllEvents to FailedEventsOnly". */
function backupChange(before: DestinationDoc, after: DestinationDoc): AwsError | undefined {
  const was = before.description.S3BackupMode ?? '';
  const is = after.description.S3BackupMode ?? '';
  const isLasting = was === 'Enabled' || was === 'AllEvents';
  return isLasting && is !== was ? backupStays(was, is) : undefined;
}

/** AWS: developer guide, "Enable dynamic partitioning": only when a stream is created, and it cannot be disabled. */
function partitioningChange(before: DestinationDoc, after: DestinationDoc): AwsError | undefined {
  if (before.kind !== 's3' || after.kind !== 's3') return undefined;
  const was = before.description.DynamicPartitioningConfiguration?.Enabled === true;
  const is = after.description.DynamicPartitioningConfiguration?.Enabled === true;
  return was === is ? undefined : notAvailable('Enabling or disabling dynamic partitioning of an existing stream');
}

/** AWS asks Glue for the table when the stream is created or updated. The role must be of the stream's account: API reference, SchemaConfiguration. */
function tableProblem(
  turn: FirehoseTurn,
  destination: DestinationDoc,
  owner: { readonly arn: string; readonly account: string },
): AwsError | undefined {
  if (destination.kind !== 's3') return undefined;
  const { DataFormatConversionConfiguration: conversion } = destination.description;
  if (conversion?.Enabled !== true) return undefined;
  const { RoleARN = '' } = conversion.SchemaConfiguration ?? {};
  if (parseArn(RoleARN)?.account !== owner.account) return foreignGlueRole();
  if (!mayAssumeRole(turn, owner, RoleARN)) return roleNotAssumable(RoleARN);
  const columns = conversionOf(turn, { ...owner, region: turn.scope.region }, conversion);
  return 'problem' in columns ? invalidArgument(columns.problem.message) : undefined;
}

function unavailableMember(configuration: Configuration): AwsError | undefined {
  const name = MEMBERS_NOT_AVAILABLE.find((member) => configuration[member] !== undefined);
  if (name !== undefined) return notAvailable(name);
  const secrets = configuration['SecretsManagerConfiguration'] as { readonly Enabled?: boolean } | undefined;
  return secrets?.Enabled === true ? notAvailable('SecretsManagerConfiguration') : undefined;
}

/** Each once. */
export function rolesOf({ description }: DestinationDoc): readonly string[] {
  const s3 = 'S3DestinationDescription' in description ? description.S3DestinationDescription?.RoleARN : undefined;
  const backup = 'S3BackupDescription' in description ? description.S3BackupDescription?.RoleARN : undefined;
  const own = 'RoleARN' in description ? description.RoleARN : undefined;
  return [...new Set([own, s3, backup].flatMap((role) => role ?? []))];
}

const lowerFirst = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);
