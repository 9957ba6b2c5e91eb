// The keys under which the services run. On AWS their container has the role `order-pipeline-services`; here they are a user with the same policy,
// so that with `--iam enforce` what the policy leaves out is refused.

import { makeIam, type Where } from '../clients.ts';

const UserName = 'order-pipeline-services';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export async function makeServiceKeys(where: Where, PolicyArn: string): Promise<Keys> {
  const iam = makeIam(where);
  await iam.createUser({ UserName });
  await iam.attachUserPolicy({ UserName, PolicyArn });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}
