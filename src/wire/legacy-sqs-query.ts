// What the query protocol of SQS has that the schema of its JSON protocol does not tell. Element and parameter names are in the schema
// (`xmlName`); here is the rest: the queue may stand in the path instead of a parameter, and two parameters share one name.
// Source: SQS API reference of 2012-11-05 and botocore before 1.31.81, whose model of SQS was the query protocol.

import type { WireRequest } from './http-message.ts';
import { Problems } from './problems.ts';
import type { FormNode } from './protocols/form-tree.ts';
import { formDecoder } from './protocols/form-values.ts';
import type { MemberTable } from './schema.ts';
import { memberOf, type WireOperation, type WireService } from './services.ts';

/** `/account/queue`, also behind the `/queue/region` of some endpoint styles. */
const QUEUE_PATH = /^\/(?:queue\/[a-z0-9-]+\/)?[^/]+\/[^/]+\/?$/;

interface Sent {
  readonly service: WireService;
  readonly tree: FormNode;
  readonly request: WireRequest;
}

export function legacySqsInput(
  operation: WireOperation,
  input: Record<string, unknown>,
  sent: Sent,
): Record<string, unknown> {
  const members = membersOfInput(sent.service, operation);
  const completed = { ...input };
  // `POST /account/queue` with Action=SendMessage: the address is the queue's URL.
  if ('QueueUrl' in members && completed['QueueUrl'] === undefined && QUEUE_PATH.test(sent.request.path)) {
    completed['QueueUrl'] = `http://${sent.request.headers['host'] ?? 'localhost'}${sent.request.path}`;
  }
  if ('MessageSystemAttributeNames' in members) completeAttributeNames(completed, members, sent);
  return completed;
}

function membersOfInput(service: WireService, operation: WireOperation): MemberTable {
  const shape = service.shape(operation.schema.input);
  return shape.type === 'structure' ? shape.members : {};
}

/** `AttributeName.1` fills AttributeNames and would fill its successor, too, which shares the name; the successor has one of its own. */
function completeAttributeNames(completed: Record<string, unknown>, members: MemberTable, sent: Sent): void {
  delete completed['MessageSystemAttributeNames'];
  const node = sent.tree.children?.get('MessageSystemAttributeName');
  if (node === undefined) return;
  const { target } = memberOf(members['MessageSystemAttributeNames']!);
  const problems = new Problems();
  const names = formDecoder(sent.service, { target })(node, problems, true);
  if (problems.isEmpty) completed['MessageSystemAttributeNames'] = names;
}
