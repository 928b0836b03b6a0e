// Random lines of a build that wants to speak to the runner, from a seed.

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const pieces = [
  '::',
  '##[',
  '#',
  '##',
  '[',
  ']',
  '##[add-mask]e',
  '::add-mask::e',
  '::set-output name=function-url::https://evil',
  '::set-env name=PATH::/x',
  '##[set-output name=function-url;]u',
  '::stop-commands::x',
  '::error::',
  '::Save-State name=a::b',
  'SET-OUTPUT',
  'add-mask',
  'group',
  'endgroup',
  ' name=x',
  'ok',
  ' ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\u000b',
  '\u000c',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\u3000',
  '\u1680',
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufeff',
  '\u202e',
  '\u2066',
  '\u061c',
  '\u2060',
  '\ufe0f',
  '\u0000',
  '\u0007',
  '\u0008',
  '\u001b',
  '\u001b[31m',
  '\u001b[0m',
  '\u001b[2K',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\u{e0001}',
  '\u{1bca0}',
  '\u115f',
  '\ud800',
  '%0A',
  '%0D',
  'é',
  '漢',
  '\u{1f600}',
  ';',
  '=',
  ',',
  'm',
]

/** One text as a log event may hold it: commands, their parts, and everything that might hide them. */
export function hostileText(random: () => number): string {
  const count = 1 + Math.floor(random() * 9)
  return Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join('')
}
