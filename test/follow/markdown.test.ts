// Text from outside in the job summary stays text, and the summary fits.
import { expect, test } from 'vitest'
import { code, cutBytes, escapeMarkdown, preformatted } from '../../src/core/markdown.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { summarize } from '../../src/core/summary.ts'

const attacks = [
  '[click](https://evil.example)',
  '<img src=x onerror=alert(1)>',
  '</pre><script>x</script>',
  '| a | b |\n| --- | --- |',
  '# heading',
  '```\ncode',
  '@octocat',
  '![](https://evil.example/pixel)',
  '\u202etext\u2066',
]

test.each(attacks)('%j is text', (attack) => {
  const shown = escapeMarkdown(attack)
  expect(shown).not.toMatch(/[<>`[\]()|@]|^#|\n|[\u202e\u2066]/)
  expect(preformatted([attack]).slice(5, -6)).not.toMatch(/[<>]|\n\n|[\u202e\u2066]/)
  expect(code(attack)).toMatch(/^<code>[^<>]*<\/code>$/)
})

test('a blank line does not end the block', () => {
  expect(preformatted(['a', '', '', '# b'])).not.toMatch(/\n\n/)
})

test('cut within a limit of bytes, between characters', () => {
  const cut = cutBytes('漢'.repeat(1000), 500)
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(500)
  expect(cut).not.toContain('\ufffd')
  expect(cutBytes('short', 500)).toBe('short')
})

test('the largest summary is below 1 MiB', () => {
  const refusal = new Refusal('DCF-BUILD-FAILED', { detail: '<b>|'.repeat(200_000) })
  const outcome: Outcome = { kind: 'refused', refusal, annotations: [] }
  const summary = summarize(
    { functionName: 'x', lastLines: Array.from({ length: 40 }, () => '漢'.repeat(100_000)) },
    outcome,
  )
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
  expect(summary).toContain('DCF-BUILD-FAILED')
})
