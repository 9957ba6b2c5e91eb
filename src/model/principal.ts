// Who asks: an account's root, a user, an assumed role's session, an AWS service acting for a resource, or nobody.

export type Principal =
  | { readonly kind: 'root'; readonly account: string; readonly arn: string }
  | { readonly kind: 'user'; readonly account: string; readonly arn: string; readonly userId: string }
  | {
      readonly kind: 'session';
      readonly account: string;
      /** arn:aws:sts::account:assumed-role/Role/Session */
      readonly arn: string;
      readonly roleArn: string;
      readonly userId: string;
      /** Session policy document given to AssumeRole, as text. */
      readonly sessionPolicy?: string;
    }
  | {
      readonly kind: 'service';
      /** `sns.amazonaws.com` */
      readonly service: string;
      /** The resource on whose behalf the service acts: aws:SourceArn. */
      readonly sourceArn: string;
      /** aws:SourceAccount */
      readonly account: string;
    }
  | { readonly kind: 'anonymous' };

export function rootOf(account: string, partition = 'aws'): Principal {
  return { kind: 'root', account, arn: `arn:${partition}:iam::${account}:root` };
}
