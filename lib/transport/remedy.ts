const TRUST =
  'name the PEM file of its authority in NODE_EXTRA_CA_CERTS, or give it as `ca` to nodeSocket of rxtape/session';

/**
 * The errors of Node and OpenSSL when no socket could be opened, by code or text, and what helps. The first that fits.
 */
const remedies: readonly (readonly [complaint: RegExp, remedy: string])[] = [
  [
    /^the proxy refused .* HTTP 407$/,
    'the proxy wants a user and a password, or other ones: give them in `proxy`, as http://user:password@host:port',
  ],
  [/^the proxy refused/, 'the proxy lets nobody there: have it allow CONNECT to this host and port'],
  [
    /^the proxy did not answer/,
    'check the address in `proxy`, whether it is one of an HTTP proxy, and whether that runs',
  ],
  [
    /ALTNAME_INVALID|HOSTNAME_MISMATCH|does not match certificate's altnames|hostname mismatch|unrecognized name/i,
    'the certificate is for another name: put a name that it covers into the url, or have the server show the right one',
  ],
  [
    /CERT_HAS_EXPIRED|certificate has expired/,
    'the certificate of the server, or of a proxy on the way, is out of date: have it renewed, and check the clock of this machine',
  ],
  [
    /CERT_NOT_YET_VALID|certificate is not yet valid/,
    'the certificate of the server is for later: check the clock of this machine',
  ],
  [
    /DEPTH_ZERO_SELF_SIGNED_CERT|self.signed certificate(?! in)/,
    `the server signed its own certificate, and this machine does not know it: if it is yours, ${TRUST}`,
  ],
  [
    /SELF_SIGNED_CERT_IN_CHAIN|self.signed certificate in certificate chain/,
    `an authority signed the certificate that this machine does not know, as that of a company or of a proxy: ${TRUST}`,
  ],
  [
    /UNABLE_TO_(?:VERIFY|GET)|unable to (?:verify the first|get (?:local )?issuer) certificate/,
    `an authority that this machine does not know signed the certificate, or the server leaves out the chain to it: ${TRUST}`,
  ],
  [
    /CERT_REVOKED|certificate revoked|alert certificate (?:revoked|expired|unknown)/,
    'one of the two sides does not accept the certificate of the other any more: have it renewed',
  ],
  [
    /_TOO_(?:SMALL|WEAK)|(?:key|md) too (?:small|weak)|unsuitable certificate purpose|unsupported certificate purpose/i,
    'the certificate is too weak, or made for another use: have the owner of the server make it anew',
  ],
  [
    /wrong version number|packet length too long|unknown protocol|http request|record layer failure/i,
    'the server speaks no TLS on this port: use ws: for a plain server, or check the port of the url',
  ],
  [
    /alert (?:certificate required|bad certificate)/,
    'the server asks for a certificate of yours: give it in an https.Agent, as `agent` to nodeSocket',
  ],
  [
    /alert (?:protocol version|handshake failure)|unsupported protocol|no protocols available/,
    'the two sides have no version or cipher of TLS in common: update the older one, or a proxy on the way',
  ],
  [
    /ENOTFOUND|EAI_NODATA|EAI_NONAME|ENODATA|EBADNAME/,
    'the name has no address: check the host in the url, and the DNS of this network',
  ],
  [
    /EAI_AGAIN|EAI_FAIL|ESERVFAIL|EREFUSED|ETIMEOUT\b/,
    'the DNS does not answer: check the network and the DNS of this machine',
  ],
  [
    /ECONNREFUSED/,
    'nothing listens there: check the host and the port of the url, whether the server runs, and the firewall',
  ],
  [
    /ETIMEDOUT/,
    'nothing answers there: check the network, the firewall and the host of the url; some networks need a proxy, see nodeSocket',
  ],
  [
    /EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL/,
    'there is no way to the host: check the network, and whether it has IPv6 if the address has',
  ],
  [
    /EACCES|EPERM/,
    'this machine does not let the program connect there: check its firewall, and what the program may do',
  ],
  [
    /ECONNRESET|EPIPE|ECONNABORTED|socket hang up|disconnected before secure TLS|Parse Error: Expected HTTP/,
    'the server, or something on the way, gave no answer of HTTP: check the port of the url, and whether the server wants wss:',
  ],
];

/** What helps when no socket could be opened, by what the platform says of it; undefined if it says nothing known. */
export const remedyOf = (complaint: string): string | undefined =>
  remedies.find(([known]) => known.test(complaint))?.[1];

/** What OpenSSL says, without the numbers of the thread and the lines of its source. */
export const tidied = (complaint: string): string => {
  const reason = /SSL routines:[^:]*:([^:]+)/.exec(complaint)?.[1];
  return reason === undefined ? complaint.trim() : `TLS: ${reason}`;
};
