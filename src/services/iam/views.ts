// Documents as AWS shows them. Which members appear depends on the operation: lists leave out what needs a second look
// (tags, boundary, last use), creation what it was just told. AWS: IAM API reference, notes of ListRoles and ListUsers;
// replies as recorded against the service.

import type { Policy, PolicyVersion, Role, User } from '#wire/generated/iam.ts';
import { encodeDocument } from './documents.ts';
import type { PolicyUse } from './managed-policies.ts';
import type { PolicyDoc, PolicyVersionDoc, RoleDoc, UserDoc } from './state.ts';
import { renderTags } from './tags.ts';

export function createdRole(role: RoleDoc): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAtMs,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    ...tagsOf(role),
  };
}

export function listedRole(role: RoleDoc): Role {
  const { Tags: _tags, ...shown } = createdRole(role);
  return { ...shown, ...descriptionOf(role), MaxSessionDuration: role.maxSessionSeconds };
}

export function fullRole(role: RoleDoc): Role {
  return {
    ...createdRole(role),
    ...descriptionOf(role),
    MaxSessionDuration: role.maxSessionSeconds,
    ...boundaryOf(role),
    // AWS reports last use with hours of delay; here it is not tracked, and empty means exactly that.
    RoleLastUsed: {},
  };
}

export function listedUser(user: UserDoc): User {
  return { Path: user.path, UserName: user.name, UserId: user.id, Arn: user.arn, CreateDate: user.createdAtMs };
}

export function fullUser(user: UserDoc): User {
  return { ...listedUser(user), ...boundaryOf(user), ...tagsOf(user) };
}

export function listedPolicy(policy: PolicyDoc, use: PolicyUse | undefined): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: use?.attachmentCount ?? 0,
    PermissionsBoundaryUsageCount: use?.boundaryCount ?? 0,
    IsAttachable: true,
    CreateDate: policy.createdAtMs,
    UpdateDate: policy.updatedAtMs,
  };
}

export function createdPolicy(policy: PolicyDoc): Policy {
  return { ...listedPolicy(policy, undefined), ...tagsOf(policy) };
}

export function fullPolicy(policy: PolicyDoc, use: PolicyUse | undefined): Policy {
  return { ...listedPolicy(policy, use), ...descriptionOf(policy), Tags: renderTags(policy.tags) };
}

export function listedVersion(policy: PolicyDoc, version: PolicyVersionDoc): PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: version.createdAtMs,
  };
}

function tagsOf({ tags }: { tags: RoleDoc['tags'] }): Pick<Role, 'Tags'> {
  return tags.length === 0 ? {} : { Tags: renderTags(tags) };
}

function descriptionOf({ description }: { description?: string }): Pick<Role, 'Description'> {
  return description === undefined || description === '' ? {} : { Description: description };
}

function boundaryOf({ permissionsBoundary }: { permissionsBoundary?: string }): Pick<Role, 'PermissionsBoundary'> {
  if (permissionsBoundary === undefined) return {};
  return {
    PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: permissionsBoundary },
  };
}
