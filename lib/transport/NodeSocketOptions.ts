/** One text of certificates in PEM, or its bytes as `readFileSync` returns them. */
export type Pem = string | Uint8Array;

/** The way of the sockets that `nodeSocket` opens. */
export interface NodeSocketOptions {
  /** An agent of `node:http` or `node:https`, or one of a package, as for SOCKS; it excludes the two others, as it has its own. */
  readonly agent?: { readonly destroy: () => void } | undefined;
  /** Certificates of authorities to trust besides those that Node comes with. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The address of an HTTP proxy, as `http://user:password@proxy.example:3128`; it opens a tunnel by CONNECT for `ws:` and `wss:`. */
  readonly proxy?: string | undefined;
}
