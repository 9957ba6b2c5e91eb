// What the registry refuses. AWS documents error names, not texts. Known from replies: "Schema with name … already exists." (409) and "You cannot export
// non discovered or non aws managed schemas." (403); the other texts are written like them. `Code` is a required member of every error; what AWS
// puts into it is not published, here it is the error's name.

import { type AwsError, clientError } from '#model/aws-error.ts';

const error = (code: string, message: string, status: number): AwsError =>
  clientError(code, message, { status, members: { Code: code } });

export const badRequest = (message: string): AwsError => error('BadRequestException', message, 400);
export const forbidden = (message: string): AwsError => error('ForbiddenException', message, 403);
export const notFound = (message: string): AwsError => error('NotFoundException', message, 404);
export const conflict = (message: string): AwsError => error('ConflictException', message, 409);

export const registryNotFound = (name: string): AwsError => notFound(`Registry with name ${name} does not exist.`);
export const registryExists = (name: string): AwsError => conflict(`Registry with name ${name} already exists.`);
export const registryNotEmpty = (name: string): AwsError =>
  badRequest(`Registry with name ${name} is not empty: delete its schemas first.`);
export const schemaNotFound = (name: string): AwsError => notFound(`Schema with name ${name} does not exist.`);
export const schemaExists = (name: string): AwsError => conflict(`Schema with name ${name} already exists.`);
export const versionNotFound = (name: string, version: string): AwsError =>
  notFound(`Schema with name ${name} has no version ${version.slice(0, 20)}.`);
export const onlyVersion = (name: string): AwsError =>
  badRequest(`Schema with name ${name} has only this version: delete the schema.`);
export const discovererNotFound = (id: string): AwsError => notFound(`Discoverer with id ${id} does not exist.`);
export const discovererExists = (arn: string): AwsError => conflict(`Discoverer for source ${arn} already exists.`);
export const bindingNotFound = (schema: string, language: string): AwsError =>
  notFound(`Code binding of schema ${schema} for language ${language} does not exist.`);
export const bindingNotComplete = (schema: string, language: string): AwsError =>
  notFound(`Code binding of schema ${schema} for language ${language} is not complete.`);
/** AWS's model does not list it; live clients met it, and declare it by hand (distilled-aws, patches of schemas). */
export const bindingExists = (schema: string, language: string): AwsError =>
  conflict(`Code binding of schema ${schema} for language ${language} already exists.`);
export const policyNotFound = (registry: string): AwsError =>
  notFound(`Registry with name ${registry} has no resource policy.`);
export const revisionMismatch = (): AwsError =>
  error('PreconditionFailedException', 'The RevisionId provided does not match the latest RevisionId.', 412);
export const notExportable = (): AwsError => forbidden('You cannot export non discovered or non aws managed schemas.');
export const managedRegistry = (name: string): AwsError => forbidden(`You cannot change the managed registry ${name}.`);
export const tooMany = (what: string, limit: number): AwsError =>
  forbidden(`The limit of ${limit} ${what} is reached.`);
export const invalidToken = (): AwsError => badRequest('The NextToken is not valid for this request.');
export const accessDenied = (reason: string): AwsError => forbidden(reason);
export const resourceNotFound = (arn: string): AwsError => notFound(`Resource ${arn.slice(0, 200)} does not exist.`);
