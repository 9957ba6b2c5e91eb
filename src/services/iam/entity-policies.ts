// Inline policies, attached policies and permissions boundaries of roles and users, once for both.

import { operation } from '#cell/service-definition.ts';
import { documentProblem, documentSize, encodeDocument } from './documents.ts';
import { type EntityKind, entityOf, type NameInput, onEntity, putEntity } from './entities.ts';
import {
  boundaryNotFound,
  inlinePoliciesTooLarge,
  inlinePolicyNotFound,
  policyNotAttachable,
  policyNotFound,
  quotaExceeded,
} from './errors.ts';
import { ATTACHED_POLICIES_MAX } from './limits.ts';
import { findPolicy, policyArnProblem } from './managed-policies.ts';
import { byText, type PageInput, pageOf } from './pages.ts';
import type { EntityDoc, IamState } from './state.ts';
import { DOCUMENT_RULE, NAME_RULES, Validation } from './validation.ts';

interface InlineInput extends NameInput {
  readonly PolicyName?: string | undefined;
  readonly PolicyDocument?: string | undefined;
}

interface AttachInput extends NameInput {
  readonly PolicyArn?: string | undefined;
}

interface BoundaryInput extends NameInput {
  readonly PermissionsBoundary?: string | undefined;
}

type ListInput = NameInput & PageInput & { readonly PathPrefix?: string | undefined };

export function putInlinePolicy<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, InlineInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const { PolicyName: name, PolicyDocument: document } = input;
      const { error } = new Validation()
        .text('policyName', name, NAME_RULES.policy)
        .text('policyDocument', document, DOCUMENT_RULE);
      if (error !== undefined) return { refused: error };
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const problem = documentProblem(document as string, 'identity');
      if (problem !== undefined) return { refused: problem };
      const inlinePolicies = { ...entity.inlinePolicies, [name as string]: document as string };
      const size = Object.values(inlinePolicies).reduce((sum, text) => sum + documentSize(text), 0);
      if (size > kind.inlinePoliciesMax) {
        const limit = { bytes: kind.inlinePoliciesMax, noun: kind.noun, name: entity.name };
        return { refused: inlinePoliciesTooLarge(limit) };
      }
      putEntity(kind, turn, { ...entity, inlinePolicies });
      return { output: {} };
    },
  });
}

export function getInlinePolicy<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, InlineInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const name = input.PolicyName ?? '';
      if (!Object.hasOwn(entity.inlinePolicies, name)) return { refused: inlinePolicyNotFound(kind.noun, name) };
      const member = kind.noun === 'role' ? { RoleName: entity.name } : { UserName: entity.name };
      const PolicyDocument = encodeDocument(entity.inlinePolicies[name] as string);
      return { output: { ...member, PolicyName: name, PolicyDocument } };
    },
  });
}

export function deleteInlinePolicy<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, InlineInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const name = input.PolicyName ?? '';
      if (!Object.hasOwn(entity.inlinePolicies, name)) return { refused: inlinePolicyNotFound(kind.noun, name) };
      const inlinePolicies = Object.fromEntries(Object.entries(entity.inlinePolicies).filter(([key]) => key !== name));
      putEntity(kind, turn, { ...entity, inlinePolicies });
      return { output: {} };
    },
  });
}

export function listInlinePolicies<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, ListInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const items = Object.keys(entity.inlinePolicies).sort();
      const page = pageOf(turn, input, { items, keyOf: (name) => name, list: `${action}/${entity.arn}` });
      if ('refused' in page) return page;
      return { output: { PolicyNames: page.items, ...page.page } };
    },
  });
}

export function attachPolicy<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, AttachInput, object>({
    authorize: (turn, input) => ({
      ...onEntity(kind, action)(turn, input),
      context: { 'iam:PolicyARN': input.PolicyArn ?? '' },
    }),
    decide(turn, input) {
      const problem = policyArnProblem(input.PolicyArn);
      if (problem !== undefined) return { refused: problem };
      const arn = input.PolicyArn as string;
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      if (findPolicy(turn, arn) === undefined) return { refused: policyNotAttachable(arn) };
      // Attaching again is no error and changes nothing.
      if (entity.attachedPolicies.includes(arn)) return { output: {} };
      if (entity.attachedPolicies.length >= ATTACHED_POLICIES_MAX) {
        return { refused: quotaExceeded(kind.attachQuota, ATTACHED_POLICIES_MAX) };
      }
      putEntity(kind, turn, { ...entity, attachedPolicies: [...entity.attachedPolicies, arn] });
      return { output: {} };
    },
  });
}

export function detachPolicy<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, AttachInput, object>({
    authorize: (turn, input) => ({
      ...onEntity(kind, action)(turn, input),
      context: { 'iam:PolicyARN': input.PolicyArn ?? '' },
    }),
    decide(turn, input) {
      const problem = policyArnProblem(input.PolicyArn);
      if (problem !== undefined) return { refused: problem };
      const arn = input.PolicyArn as string;
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      if (!entity.attachedPolicies.includes(arn)) return { refused: policyNotFound(arn) };
      const attachedPolicies = entity.attachedPolicies.filter((attached) => attached !== arn);
      putEntity(kind, turn, { ...entity, attachedPolicies });
      return { output: {} };
    },
  });
}

export function listAttachedPolicies<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, ListInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const items = entity.attachedPolicies
        .map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }))
        .filter(({ PolicyArn }) => pathOf(PolicyArn).startsWith(input.PathPrefix ?? '/'))
        .sort(byText((item) => item.PolicyArn));
      const list = `${action}/${entity.arn}/${input.PathPrefix ?? ''}`;
      const page = pageOf(turn, input, { items, keyOf: (item) => item.PolicyArn, list });
      if ('refused' in page) return page;
      return { output: { AttachedPolicies: page.items, ...page.page } };
    },
  });
}

/** `/service-role/` of `arn:aws:iam::aws:policy/service-role/Name`. */
function pathOf(policyArn: string): string {
  return policyArn.slice(policyArn.indexOf('/'), policyArn.lastIndexOf('/') + 1);
}

export function putBoundary<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, BoundaryInput, object>({
    authorize: (turn, input) => ({
      ...onEntity(kind, action)(turn, input),
      context: { 'iam:PermissionsBoundary': input.PermissionsBoundary ?? '' },
    }),
    decide(turn, input) {
      const problem = policyArnProblem(input.PermissionsBoundary);
      if (problem !== undefined) return { refused: problem };
      const arn = input.PermissionsBoundary as string;
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      if (findPolicy(turn, arn) === undefined) return { refused: policyNotAttachable(arn) };
      putEntity(kind, turn, { ...entity, permissionsBoundary: arn });
      return { output: {} };
    },
  });
}

export function deleteBoundary<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, NameInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const { permissionsBoundary, ...rest } = entity;
      if (permissionsBoundary === undefined) return { refused: boundaryNotFound(kind.noun, entity.name) };
      putEntity(kind, turn, rest as unknown as D);
      return { output: {} };
    },
  });
}
