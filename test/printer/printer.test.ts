// The safe printer against the runner's own reading: nothing that a build prints is a command.
import { describe, expect, test } from 'vitest'
import { neutralLine, neutralLines } from '../../src/core/neutral.ts'
import { Concealer } from '../../src/edge/conceal.ts'
import { createPrinter, randomHex } from '../../src/edge/github/printer.ts'
import { createRandom, hostileText } from './hostile.ts'
import { isLeftStopped, parseLine, readCommands } from './runner.ts'

/** One million in CI. */
const count = Number(process.env['DCF_LINES'] ?? (process.env['CI'] === undefined ? 50_000 : 1_000_000))
const seed = Number(process.env['DCF_SEED'] ?? 20261128)

function print(texts: readonly string[], concealer = new Concealer()): string {
  const written: string[] = []
  const printer = createPrinter({ write: (text) => written.push(text), random: randomHex, concealer })
  printer.print('|', texts)
  return written.join('')
}

const attacks = [
  '::set-output name=function-url::https://evil.example',
  '  ::add-mask::e',
  '\u00a0::add-mask::e',
  '\u3000\u2028::set-env name=PATH::/evil',
  '\u0085::add-path::/evil',
  'ok\r::add-mask::e',
  'ok\n::stop-commands::x',
  'text ##[add-mask]e',
  '##[SET-OUTPUT name=function-url;]u',
  '#\u200b#[add-mask]e',
  '#\u00ad#\u2060[add-mask]e',
  '##\u001b[add-mask]e',
  '##\u001b\u0007[add-mask]e',
  ':\u200b:add-mask::e',
  '\ufeff::add-matcher::/tmp/x.json',
  '::Add-Mask::e',
]

describe('the oracle itself', () => {
  test.each(attacks)('%j would speak to a runner that was sent it raw', (attack) => {
    expect(readCommands(`${attack}\n`).length + (attack.includes('stop-commands') ? 1 : 0)).toBeGreaterThan(0)
  })

  test('knows when commands are switched off', () => {
    expect(
      readCommands('::stop-commands::tok\n::error::no\n::TOK::\n::error::yes\n').map((one) => one.data),
    ).toEqual(['yes'])
    expect(isLeftStopped('::stop-commands::tok\n')).toBe(true)
    expect(isLeftStopped('::stop-commands::tok\n::tok::\n')).toBe(false)
  })
})

describe('the printer', () => {
  test.each(attacks)('%j is no command, with commands switched off or on', (attack) => {
    const output = print([attack])
    expect(readCommands(output)).toEqual([])
    expect(isLeftStopped(output)).toBe(false)
    // The text alone must be harmless too: a runner that ignored `stop-commands` would still find nothing.
    for (const line of linesOf(output)) expect(parseLine(line)).toBeUndefined()
  })

  test(`${count} random hostile lines, seed ${seed}`, { timeout: 600_000 }, () => {
    const random = createRandom(seed)
    let checked = 0
    while (checked < count) {
      const text = hostileText(random)
      for (const line of neutralLines(text)) {
        checked += 1
        const printed = `| ${line}`
        if (parseLine(printed) !== undefined || /[\r\n]/.test(printed))
          expect.fail(JSON.stringify({ seed, text }))
      }
    }
  })

  test('whole batches of them, each resumed', () => {
    const random = createRandom(seed + 1)
    for (let batch = 0; batch < 200; batch += 1) {
      const output = print(Array.from({ length: 50 }, () => hostileText(random)))
      expect(readCommands(output), `seed ${seed}, batch ${batch}`).toEqual([])
      expect(isLeftStopped(output), `seed ${seed}, batch ${batch}`).toBe(false)
    }
  })

  test('a batch is one write, so that no end of the process can leave commands switched off', () => {
    const writes: string[] = []
    const printer = createPrinter({
      write: (text) => writes.push(text),
      random: randomHex,
      concealer: new Concealer(),
    })
    printer.print('|', ['one', 'two\nthree'])
    expect(writes).toHaveLength(1)
    expect(isLeftStopped(writes[0] ?? '')).toBe(false)
    printer.print('-', [])
    expect(writes).toHaveLength(1)
  })

  test('the token that resumes is another each time', () => {
    const tokens = [print(['a']), print(['a'])].map((output) => output.split('\n')[0])
    expect(tokens[0]).not.toBe(tokens[1])
  })
})

describe('text', () => {
  test('colours stay and are closed, other sequences are shown', () => {
    expect(neutralLine('\u001b[31mred')).toBe('\u001b[31mred\u001b[0m')
    expect(neutralLine('a\u001b[2Kb\u0007')).toBe('a\ufffd[2Kb\ufffd')
    expect(neutralLine('\u001b]0;title\u0007')).toBe('\ufffd]0;title\ufffd')
  })

  test('marks that reverse or hide text are dropped, letters and emoji stay', () => {
    expect(neutralLine('a\u202eb\u2066c\u200bd')).toBe('abcd')
    expect(neutralLine('grüße 漢字 \u{1f600} ✓')).toBe('grüße 漢字 \u{1f600} ✓')
  })

  test('ordinary text is left as it is', () => {
    const line = 'Step 1/5 : FROM dart:3.11 # build [x] ## heading\ttab'
    expect(neutralLine(line)).toBe(line)
  })
})

describe('secrets', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
  const concealer = new Concealer()
  concealer.add(secret)
  const spellings: readonly (readonly [string, string])[] = [
    ['raw', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64 for URLs', Buffer.from(secret).toString('base64url')],
    ['inside longer base64', Buffer.from(`x:${secret}:y`).toString('base64')],
    ['inside longer base64, shifted', Buffer.from(`xy:${secret}`).toString('base64')],
  ]

  test.each(spellings)('%s', (_name, spelling) => {
    const shown = print([`before ${spelling} after`], concealer)
    expect(shown).toContain('***')
    expect(shown).not.toContain(spelling.slice(8, 40))
  })

  test('cut in two by what is not seen', () => {
    expect(print([`${secret.slice(0, 10)}\u200b${secret.slice(10)}`], concealer)).not.toContain(secret)
  })

  test('access key ids and web tokens that nobody told us of', () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOmEvYiJ9.${'c'.repeat(40)}`
    expect(print([`ASIAABCDEFGHIJKLMNOP ${token}`])).not.toMatch(/ASIA|eyJ/)
  })
})

function linesOf(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.startsWith('|'))
}
