import { textOf } from '../../lib/transport/textOf.js';

const bytes = new TextEncoder().encode('{"s":"贵州茅台"}');

describe('textOf', () => {
  it.each([
    ['text', '{"s":"贵州茅台"}'],
    ['an ArrayBuffer', bytes.buffer],
    ['a view', bytes],
    ['a Buffer', Buffer.from(bytes)],
  ])('reads %s', (_, data) => {
    expect(textOf(data)).toBe('{"s":"贵州茅台"}');
  });

  it.each([
    ['text', '\uFEFF{"s":1}'],
    ['bytes', new TextEncoder().encode('\uFEFF{"s":1}')],
    ['an ArrayBuffer', new TextEncoder().encode('\uFEFF{"s":1}').buffer],
    ['a Buffer', Buffer.from('\uFEFF{"s":1}')],
  ])('takes the byte order mark off %s', (_, data) => {
    expect(textOf(data)).toBe('{"s":1}');
  });

  it('replaces what is no UTF-8', () => {
    expect(textOf(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\uFFFDb');
  });

  it('never throws', () => {
    expect(textOf(new Blob(['{}']))).toBe('[object Blob]');
  });
});
