/** How an upgrade or a request that is refused looks. */
export interface RefusalOptions {
  /** The `Retry-After` header as written: seconds, or an HTTP date. */
  readonly retryAfter?: number | string;
  /**
   * How many to refuse before normal service resumes.
   *
   * @defaultValue all until `allowUpgrades()`, of requests until `mend()`
   */
  readonly times?: number;
  /**
   * The body, sent as JSON.
   *
   * @defaultValue `{"code":…,"message":…}` made from the status, as the vendor writes it
   */
  readonly body?: string;
}
