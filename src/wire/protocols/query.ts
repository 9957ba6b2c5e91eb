// The AWS query protocol: parameters in a form, replies in XML.

import { refuse } from '#model/aws-error.ts';
import { queryErrorXml } from '../error-shapes.ts';
import { completeSqsTree, legacySqsInput } from '../legacy-sqs-query.ts';
import { Problems } from '../problems.ts';
import { malformedInput } from '../refusals.ts';
import { formTree } from './form-tree.ts';
import { formDecoder } from './form-values.ts';
import { inputOf, outputOf, type ProtocolCodec } from './protocol.ts';
import { xmlWriter } from './xml-values.ts';

const CONTENT_TYPE = ['Content-Type', 'text/xml'] as const;

export const queryProtocol: ProtocolCodec = {
  decode(identification, request) {
    const { service, operation, form = [] } = identification;
    const tree = formTree(form);
    if (tree === undefined) return refuse(malformedInput('Input is nested too deeply'));
    const isSqs = service.prefix === 'sqs';
    if (isSqs) completeSqsTree(tree, service, operation);
    const problems = new Problems();
    const input = formDecoder(service, inputOf(operation))(tree, problems, false) as Record<string, unknown>;
    if (!problems.isEmpty) return refuse(malformedInput(problems.message));
    return { input: isSqs ? legacySqsInput(operation, input, { service, tree, request }) : input };
  },

  encodeOutput({ service, operation }, output, requestId) {
    const { name } = operation;
    const write = xmlWriter(service, outputOf(operation));
    const place = { name: `${name}Result`, isFlattened: false, attributes: '' };
    const result = operation.schema.output === 'unit' ? '' : write(output, place);
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return {
      status: 200,
      headers: [['x-amzn-RequestId', requestId], CONTENT_TYPE],
      body: `<?xml version="1.0"?><${name}Response xmlns="${service.schema.xmlNamespace}">${result}${metadata}</${name}Response>`,
    };
  },

  encodeError(shape, service, requestId) {
    const headers = [['x-amzn-RequestId', requestId], CONTENT_TYPE, ...shape.headers] as const;
    return { status: shape.status, headers, body: queryErrorXml(shape, service, requestId) };
  },
};
