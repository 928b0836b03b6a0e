// The job summary: what a person wants to see first, the reason first where it failed.
import { entryOf } from './catalogue.ts'
import { usefulChecks } from './checks.ts'
import { pageOf } from './diagnosis.ts'
import type { PartialFacts } from './facts.ts'
import { code, cutBytes, escapeMarkdown, preformatted } from './markdown.ts'
import { type Outcome, statusOf } from './outcome.ts'
import type { Problem } from './problem.ts'
import { placeOf, spellBytes, spellSeconds } from './words.ts'

const limit = 1024 * 1024 - 1024

/** Markdown of at most 1 MiB; whatever came from outside is escaped. */
export function summarize(facts: PartialFacts, outcome: Outcome): string {
  const parts = [
    headline(facts, outcome),
    reason(outcome),
    table(facts, outcome),
    phases(facts),
    remarks(facts),
    tail(facts, outcome),
    checks(facts, outcome),
  ]
  return cutBytes(`${parts.filter((part) => part !== '').join('\n\n')}\n`, limit)
}

const headlines: Readonly<Record<ReturnType<typeof statusOf>, string>> = {
  deployed: 'deployed',
  planned: 'can be deployed',
  unchanged: 'is unchanged',
  removed: 'removed',
  absent: 'was not there',
  failed: 'failed',
  superseded: 'was superseded by a newer run',
  cancelled: 'was cancelled',
}

function headline(facts: PartialFacts, outcome: Outcome): string {
  return `### ${facts.functionName === undefined ? 'Deployment' : code(facts.functionName)} ${headlines[statusOf(outcome)]}`
}

function reason(outcome: Outcome): string {
  if (outcome.kind === 'rejected') return problemList(outcome.problems)
  if (!('refusal' in outcome)) return ''
  const { refusal } = outcome
  const lines = [
    `**[${refusal.code}](${pageOf(refusal.code)})** (${refusal.entry.stage}): ${escapeMarkdown(refusal.entry.title)}.`,
    ...(refusal.detail === '' ? [] : [escapeMarkdown(refusal.detail)]),
    escapeMarkdown(refusal.entry.cause),
    `**What to do:** ${escapeMarkdown(refusal.help ?? refusal.entry.remedy)}`,
    ...(refusal.requestId === undefined ? [] : [`AWS request id: ${code(refusal.requestId)}`]),
  ]
  return [
    ...lines,
    ...(outcome.kind === 'refused' && outcome.annotations.length > 0
      ? [problemList(outcome.annotations)]
      : []),
  ].join('\n\n')
}

function problemList(problems: readonly Problem[]): string {
  return problems
    .map((problem) => {
      const place = placeOf(problem)
      const where = place === undefined ? '' : ` ${code(place)}`
      return `- **[${problem.code}](${pageOf(problem.code)})** (${entryOf(problem.code).stage})${where}: ${escapeMarkdown(problem.message)} ${escapeMarkdown(problem.help)}`
    })
    .join('\n')
}

function table(facts: PartialFacts, outcome: Outcome): string {
  const isUp = outcome.kind === 'deployed' || outcome.kind === 'unchanged'
  const rows: readonly (readonly [string, string | undefined])[] = [
    [
      'Function URL',
      isUp
        ? facts.functionUrl &&
          `${escapeMarkdown(facts.functionUrl)}${facts.urlVerified === false ? ' (unverified)' : ''}`
        : undefined,
    ],
    ['Function', facts.functionArn && code(facts.functionArn)],
    ['Image', facts.imageUri && code(facts.imageUri)],
    ['Image digest', facts.imageDigest && code(facts.imageDigest)],
    [
      'Build',
      facts.buildId &&
        `${code(facts.buildId)}${facts.buildUrl === undefined ? '' : ` ([console](${facts.buildUrl}))`}`,
    ],
    ['Archive', archiveOf(facts)],
    ['Source digest', facts.sourceDigest && code(facts.sourceDigest)],
    ['Removed', listOf(facts.removed)],
    ['Remaining', listOf(facts.remaining)],
  ]
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '')
  if (shown.length === 0) return ''
  return ['| | |', '| --- | --- |', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

function archiveOf(facts: PartialFacts): string | undefined {
  if (facts.artifactBytes === undefined) return undefined
  return `${facts.fileCount ?? 0} files, ${spellBytes(facts.totalBytes ?? 0)}, ${spellBytes(facts.artifactBytes)} packed`
}

function listOf(things: readonly string[] | undefined): string | undefined {
  return things?.map(escapeMarkdown).join(', ')
}

function phases(facts: PartialFacts): string {
  const timed = (facts.phases ?? []).filter((phase) => phase.durationSeconds !== undefined)
  if (timed.length === 0) return ''
  const rows = timed.map(
    (phase) =>
      `| ${escapeMarkdown(phase.type)} | ${escapeMarkdown(phase.status ?? '')} | ${spellSeconds(phase.durationSeconds ?? 0)} |`,
  )
  return ['| Phase | Status | Time |', '| --- | --- | --- |', ...rows].join('\n')
}

function remarks(facts: PartialFacts): string {
  return facts.remarks === undefined || facts.remarks.length === 0 ? '' : problemList(facts.remarks)
}

function tail(facts: PartialFacts, outcome: Outcome): string {
  if (!('refusal' in outcome) || facts.lastLines === undefined || facts.lastLines.length === 0) return ''
  return `<details><summary>Last lines of the build</summary>\n\n${preformatted(facts.lastLines)}\n\n</details>`
}

function checks(facts: PartialFacts, outcome: Outcome): string {
  const commands = 'refusal' in outcome ? usefulChecks(facts) : []
  return commands.length === 0 ? '' : `Useful checks:\n\n${preformatted(commands)}`
}
