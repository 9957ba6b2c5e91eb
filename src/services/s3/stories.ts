// What the facts of S3 say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import type { S3State } from './state.ts';

type Story = (fact: never, state: S3State) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: S3State) => string): Story => story as Story;

/** By the fact's name; `state` gives names to buckets that still exist. */
export const stories: Readonly<Record<string, Story>> = {
  ObjectPut: told(facts.ObjectPut, (fact, state) => {
    const how = fact.uploadId === undefined ? 'written' : `put together of ${fact.parts?.length ?? 0} parts`;
    return `object ${place(state, fact)} ${how}: ${fact.bytes} bytes${version(fact.versionId)}`;
  }),
  DeleteMarkerPut: told(
    facts.DeleteMarkerPut,
    (fact, state) => `object ${place(state, fact)} hidden by a delete marker${version(fact.versionId)}${byRule(fact)}`,
  ),
  VersionRemoved: told(
    facts.VersionRemoved,
    (fact, state) => `object ${place(state, fact)} removed for good${version(fact.versionId)}${byRule(fact)}`,
  ),
  ObjectTagged: told(facts.ObjectTagged, (fact, state) =>
    fact.tags.length === 0
      ? `tags of object ${place(state, fact)} removed`
      : `object ${place(state, fact)} tagged: ${fact.tags.map(({ Key, Value }) => `${Key}=${Value}`).join(', ')}`,
  ),
  UploadBegun: told(
    facts.UploadBegun,
    (fact, state) => `upload ${fact.uploadId} of ${place(state, fact)} begun by ${fact.initiator}`,
  ),
  PartUploaded: told(
    facts.PartUploaded,
    ({ number, bytes, uploadId }) => `part ${number} of upload ${uploadId}: ${bytes} bytes`,
  ),
  UploadAborted: told(facts.UploadAborted, ({ uploadId }) => `upload ${uploadId} given up`),
  EventNotified: told(facts.EventNotified, (fact, state) =>
    fact.failure === undefined
      ? `${fact.eventName} of ${place(state, fact)} notified to ${fact.targetArn}`
      : `${fact.eventName} of ${place(state, fact)} could not be notified to ${fact.targetArn}: ${fact.failure}`,
  ),
  ExpiryAdvanced: told(facts.ExpiryAdvanced, ({ bucket, afterKey }, state) =>
    afterKey === ''
      ? `expiry looked through bucket ${bucketName(state, bucket)}`
      : `expiry in bucket ${bucketName(state, bucket)} goes on after ${afterKey}`,
  ),
  LeftBlobsFound: told(facts.LeftBlobsFound, ({ blobs }) => `${blobs.length} blobs found that no object refers to`),
};

function place(state: S3State, { bucket, key }: { readonly bucket: number; readonly key: string }): string {
  return `s3://${bucketName(state, bucket)}/${key}`;
}

function bucketName(state: S3State, id: number): string {
  return state.buckets.by('byId', String(id))[0]?.name ?? `bucket ${id}, which was deleted since`;
}

const version = (versionId: string): string => (versionId === '' ? '' : `, version ${versionId}`);

function byRule({ ruleId }: { readonly ruleId: string | undefined }): string {
  return ruleId === undefined ? '' : `: it expired by the lifecycle rule ${ruleId}`;
}
