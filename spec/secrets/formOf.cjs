const { Buffer } = require('node:buffer');
const zlib = require('node:zlib');

/** Escapes may be nested: a frame with JSON in its JSON is a line of JSON. */
const DEPTH = 6;

const unescaped = (text) =>
  text
    .replace(/\\u([0-9a-f]{4})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16)))
    .replace(/\\(["\\/'])/g, '$1');

const unpercented = (text) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());

/** The middle of a text in base64, whatever stands before and after it. */
const base64s = (text) =>
  [0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + text)
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1, -4),
  );

const packers = [
  [Buffer.of(0x1f, 0x8b), (bytes) => zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH })],
  [Buffer.of(0x28, 0xb5, 0x2f, 0xfd), (bytes) => zlib.zstdDecompressSync(bytes)],
];

/** What is in a file, unpacked where it is packed; what cannot be unpacked is looked at as it is. */
const unpacked = (bytes) => {
  const packer = packers.find(([magic]) => bytes.subarray(0, magic.length).equals(magic));
  if (!packer) return bytes;
  try {
    return packer[1](bytes);
  } catch {
    return bytes;
  }
};

/** In which form a secret is in a text or in the bytes of a file; undefined when it is not. */
exports.formOf = (secret, content) => {
  const bytes = Buffer.isBuffer(content) ? unpacked(content) : undefined;
  const whole = bytes ? bytes.toString('utf8') : content;
  if (base64s(secret).some((part) => whole.includes(part))) return 'base64';
  const wanted = secret.toLowerCase();
  let text = whole.toLowerCase();
  for (let depth = 0; depth < DEPTH; depth += 1) {
    if (text.includes(wanted)) return depth === 0 ? 'plain' : 'escaped';
    if (text.replaceAll('+', ' ').includes(wanted)) return 'form';
    const next = unpercented(unescaped(text));
    if (next === text) return undefined;
    text = next.toLowerCase();
  }
  return undefined;
};
