// PublishVersion, ListVersionsByFunction.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  FunctionConfiguration,
  ListVersionsByFunctionInput,
  ListVersionsByFunctionOutput,
  PublishVersionInput,
} from '#wire/generated/lambda.ts';
import { functionArn, LATEST } from '../arns.ts';
import { codeShaMismatch, notAvailable, revisionMismatch } from '../errors.ts';
import { findFunction, findUnqualified, permission } from '../find-function.ts';
import { nextMarker, readMarker, readPageLength } from '../markers.ts';
import { publish } from '../publish.ts';
import type { LambdaState } from '../state.ts';
import { showConfiguration } from '../views.ts';

export const publishVersion = operation<LambdaState, PublishVersionInput, FunctionConfiguration>({
  authorize: (turn, input) => permission(turn, 'PublishVersion', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const found = findUnqualified(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const { doc, reference } = found;
    if (input.PublishTo !== undefined) return refuse(notAvailable('PublishTo'));
    if (input.RevisionId !== undefined && input.RevisionId !== doc.latest.revisionId) return refuse(revisionMismatch());
    const { CodeSha256: sha } = input;
    if (sha !== undefined && sha !== '' && sha !== doc.latest.code.sha256) {
      return refuse(codeShaMismatch(sha, doc.latest.code.sha256));
    }
    const published = publish(turn, found.key, doc, input.Description);
    const version = String(published.version);
    const arn = functionArn(reference.scope, reference.name, version);
    return { output: showConfiguration({ doc, settings: published.settings, version, arn }) };
  },
});

export const listVersionsByFunction = operation<LambdaState, ListVersionsByFunctionInput, ListVersionsByFunctionOutput>(
  {
    authorize: (turn, input) => permission(turn, 'ListVersionsByFunction', { FunctionName: input.FunctionName }),
    decide(turn, input) {
      const limit = readPageLength(input.MaxItems);
      if (isRefused(limit)) return limit;
      const found = findFunction(turn, input.FunctionName);
      if (isRefused(found)) return found;
      const { doc, key, reference } = found;
      const list = `versions/${key}`;
      const marker = readMarker(turn, list, input.Marker);
      if (isRefused(marker)) return marker;
      // $LATEST comes first, on the first page, which it may fill alone: the page behind it begins where keys begin.
      const isFirst = marker === undefined;
      const isFull = isFirst && limit.length === 1;
      const prefix = `${key}:`;
      const length = isFirst && !isFull ? limit.length - 1 : limit.length;
      const next = turn.state.versions.page({ prefix, limit: length, ...(isFirst ? {} : { afterKey: marker }) });
      const page = isFull ? { items: [], ...(next.items.length === 0 ? {} : { lastKey: prefix }) } : next;
      const arnOf = (version: string): string => functionArn(reference.scope, reference.name, version);
      const latest = showConfiguration({ doc, settings: doc.latest, version: LATEST, arn: arnOf(LATEST) });
      const numbered = page.items.map(({ doc: { version, settings } }) =>
        showConfiguration({ doc, settings, version: String(version), arn: arnOf(String(version)) }),
      );
      return {
        output: { Versions: isFirst ? [latest, ...numbered] : numbered, ...nextMarker(turn, list, page.lastKey) },
      };
    },
  },
);
