import { milliseconds, printable, seconds } from './format.js';
import { span, type Line, type Tone } from './line.js';
import type { Link } from './link.js';

/** How the link of a source is, in one line. */
export const linkLine = (name: string, link: Link, now: number): Line => {
  const facts = [
    `${Math.round(link.rate).toLocaleString('en-US')} events/s`,
    counted(link.reconnects, 'reconnect'),
    ...(link.roundTrip === undefined ? [] : [`round trip ${milliseconds(link.roundTrip)}`]),
    ...(link.refused > 0 ? [`${link.refused} refused`] : []),
    ...(link.undecodable > 0 ? [`${link.undecodable} undecodable`] : []),
  ];
  const [state, tone] = stateOf(link, now);
  return [
    span(name, 'strong'),
    span('  '),
    span(state, tone),
    span(`  ${facts.join(', ')}`, 'dim'),
    span(link.state === 'down' ? `  ${printable(link.cause ?? '')}` : '', 'warn'),
  ];
};

const stateOf = ({ state, attempt, retryAt }: Link, now: number): readonly [string, Tone] => {
  if (state === 'live') return ['live', 'strong'];
  if (state === 'connecting') return ['connecting', 'warn'];
  return [
    `down, ${now < retryAt ? `retry ${attempt} in ${seconds(retryAt - now)}` : `retry ${attempt} under way`}`,
    'warn',
  ];
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
