// The contract between services, which know actions and resources, and IAM, which knows policies.

import type { Principal } from '#model/principal.ts';
import type { Turn } from './turn.ts';

export interface AuthorizationRequest {
  /** `sqs:SendMessage`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
  /** Text of the resource's policy, when it has one. */
  readonly resourcePolicy?: string | undefined;
  /** Who asks, when it is not the turn's principal: a service acting for a resource. */
  readonly principal?: Principal;
  /** One resource hands something over to another: the verdict is noted also when it allows, for the message's journey. */
  readonly isHandOver?: boolean;
  /** Service-specific and request condition keys. Global keys (aws:SourceIp …) are added by the authorizer. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface AuthorizationVerdict {
  /** Whether to go on: in mode `explain` true even when AWS would deny. */
  readonly isAllowed: boolean;
  /** What AWS would do. */
  readonly decision: 'allow' | 'explicit-deny' | 'implicit-deny';
  /** Statement that decided, or what was missing, in AWS's words; empty where permissions are not evaluated. */
  readonly reason: string;
  /** For people: which statement came nearest and what differed. Not for the client's message. */
  readonly detail?: string;
}

export type IamMode = 'off' | 'explain' | 'enforce';

/** Implemented by services/iam. */
export interface Authorizer {
  /** What AWS would decide; the kernel applies the mode. */
  evaluate(turn: Turn, request: AuthorizationRequest): Pick<AuthorizationVerdict, 'decision' | 'reason' | 'detail'>;
}
