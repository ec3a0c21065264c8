import { isMarketEvent } from '../../lib/model/feedEvent.js';
import { redacting } from '../../lib/session/redacting.js';
import { scrubbing } from '../../lib/session/scrub.js';

interface Message {
  readonly kind: string;
}

/**
 * What a decoder reads, as a feed with a credential says it in the end: events as they leave the pipe, and what control
 * messages hold as it becomes part of an event or an error. A symbol that is not among `symbols` is said in `unexpected` only.
 */
export const asSaid = (provider: string, secret: string, symbols: readonly string[]) => {
  const { event: scrub, error } = scrubbing(provider, redacting(secret));
  return <M extends Message>(message: M): M => {
    const said = scrub(message);
    if (isMarketEvent(said) && !symbols.includes(said.symbol)) {
      const topic = { channel: 'quote', symbol: said.symbol };
      return { ...said, symbol: scrub({ kind: 'unexpected', topic }).topic.symbol };
    }
    const { answer } = message as { readonly answer?: { readonly refusal?: string } };
    if (answer?.refusal !== undefined) {
      const { reason } = scrub({ kind: 'refused', reason: answer.refusal });
      return { ...said, answer: { ...answer, refusal: reason } };
    }
    return 'loginResult' in said ? { ...said, loginResult: error(said.loginResult) } : said;
  };
};
