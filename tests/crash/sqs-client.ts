// As little of an SQS and SNS client as the crash loop needs: JSON and query requests over fetch, unsigned.

export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

const CREDENTIAL =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/SERVICE/aws4_request, SignedHeaders=host, Signature=0';

export async function sqs<O>(url: string, operation: string, input: unknown): Promise<O> {
  const response = await ask(url, {
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: CREDENTIAL.replace('SERVICE', 'sqs'),
    },
    body: JSON.stringify(input),
  });
  return (response === '' ? {} : JSON.parse(response)) as O;
}

export async function sns(url: string, action: string, fields: Readonly<Record<string, string>>): Promise<string> {
  return ask(url, {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: CREDENTIAL.replace('SERVICE', 'sns'),
    },
    body: new URLSearchParams({ Action: action, Version: '2010-03-31', ...fields }).toString(),
  });
}

async function ask(url: string, request: { headers: Record<string, string>; body: string }): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method: 'POST', ...request });
    text = await response.text();
  } catch (error) {
    throw new Unanswered(String(error));
  }
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text;
}
