// What the query protocol of SQS has that the schema of its JSON protocol does not tell. Element and parameter names are in the schema
// (`xmlName`); here is the rest: the queue may stand in the path instead of a parameter, two parameters share one name, a list or map of
// one needs no index, and a map may go by its member's name.
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

/**
 * Brings what old clients write into the protocol's own form, before it is decoded.
 * Without an index: AWS's samples (`AttributeName=All`, ReceiveMessage) and boto 2 (`Attribute.Name=…&Attribute.Value=…`).
 * By the member's name: the Java SDK before 2.21 (`Tags.1.Key`, aws/aws-sdk-java-v2 issue 2524); AWS takes both.
 */
export function completeSqsTree(tree: FormNode, service: WireService, operation: WireOperation): void {
  const { children } = tree;
  if (children === undefined) return;
  for (const [name, member] of Object.entries(membersOfInput(service, operation))) {
    const { target, xmlName = name, xmlFlattened } = memberOf(member);
    if (xmlFlattened !== true) continue;
    const keyName = mapKeyName(service, target);
    const node = children.get(xmlName) ?? (keyName === undefined ? undefined : children.get(name));
    if (node === undefined) continue;
    const isOne = keyName === undefined ? hasOwnValue(node) : node.children?.has(keyName) === true;
    children.set(xmlName, isOne ? onlyElement(node) : node);
  }
}

function onlyElement(node: FormNode): FormNode {
  return { value: undefined, children: new Map([['1', node]]) };
}

/** Undefined for lists. */
function mapKeyName(service: WireService, target: string): string | undefined {
  if (target.startsWith('[') || target.startsWith('{')) return undefined;
  const shape = service.shape(target);
  return shape.type === 'map' ? (memberOf(shape.key).xmlName ?? 'key') : undefined;
}

/** `Names=` without a value is how the protocol writes an empty list. */
function hasOwnValue({ children, value }: FormNode): boolean {
  return children === undefined && value !== undefined && value !== '';
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
  const names = formDecoder(sent.service, { target })(hasOwnValue(node) ? onlyElement(node) : node, problems, true);
  if (problems.isEmpty) completed['MessageSystemAttributeNames'] = names;
}
