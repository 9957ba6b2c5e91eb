// Tagging of roles and users, once for both.

import { operation } from '#cell/service-definition.ts';
import { type EntityKind, entityOf, type NameInput, onEntity, putEntity } from './entities.ts';
import { type PageInput, pageOf } from './pages.ts';
import type { EntityDoc, IamState } from './state.ts';
import { mergeTags, parseTags, renderTags, sortedTags, type TagInput, tagKeysProblem, withoutTags } from './tags.ts';

interface TagEntityInput extends NameInput {
  readonly Tags?: readonly TagInput[] | undefined;
}

interface UntagEntityInput extends NameInput {
  readonly TagKeys?: readonly string[] | undefined;
}

export function tagEntity<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, TagEntityInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const given = parseTags(input.Tags, kind.tags);
      if ('refused' in given) return given;
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const tags = mergeTags(entity.tags, given, kind.tags);
      if ('refused' in tags) return tags;
      putEntity(kind, turn, { ...entity, tags });
      return { output: {} };
    },
  });
}

export function untagEntity<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, UntagEntityInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const problem = tagKeysProblem(input.TagKeys);
      if (problem !== undefined) return { refused: problem };
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      putEntity(kind, turn, { ...entity, tags: withoutTags(entity.tags, input.TagKeys ?? [], kind.tags) });
      return { output: {} };
    },
  });
}

export function listEntityTags<D extends EntityDoc>(kind: EntityKind<D>, action: string) {
  return operation<IamState, NameInput & PageInput, object>({
    authorize: onEntity(kind, action),
    decide(turn, input) {
      const entity = entityOf(kind, turn, input);
      if ('refused' in entity) return entity;
      const list = `${action}/${entity.arn}`;
      const page = pageOf(turn, input, { items: sortedTags(entity.tags), keyOf: (tag) => tag.key, list });
      if ('refused' in page) return page;
      return { output: { Tags: renderTags(page.items), ...page.page } };
    },
  });
}
