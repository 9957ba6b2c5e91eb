// A partner event source has two sides: what the partner made, in its account, and what its customer sees, in the customer's.

/** The partner's side. Key: the partner's `account/region/name`. */
export interface OfferedSourceDoc {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Whose bus may be matched with it. */
  readonly customer: string;
}

/** The customer's side. Key: the customer's `account/region/name`. It stays when the partner deletes it, as long as the bus is there. */
export interface EventSourceDoc {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  /** The partner's account; undefined for a webhook of this server's configuration. */
  readonly partner?: string | undefined;
  /** The customer does not want its events for now. */
  readonly isDeactivated: boolean;
  /** Deleted by the partner, or expired. */
  readonly isDeleted: boolean;
  /** When it is deleted unless it becomes active before; those that are active and those of webhooks do not expire. */
  readonly expiresAtMs?: number | undefined;
}
