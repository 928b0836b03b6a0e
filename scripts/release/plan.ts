// Decides what a release is: its tags, the files it changes, its notes; or everything that speaks against it.
import { readChangelogSection } from './changelog.ts'
import { rewriteReferences } from './references.ts'
import { compareVersions, formatVersion, parseReleaseTag, parseVersion, type Version } from './version.ts'

export interface ReleaseFacts {
  /** What the person asked for, for example `1.4.0`. */
  readonly version: string
  /** `version` of package.json. */
  readonly packageVersion: string
  /** Every tag of the remote repository, without `refs/tags/`. */
  readonly tags: readonly string[]
  /** Text of CHANGELOG.md. */
  readonly changelog: string
  /** The reusable workflows at the commit to release. */
  readonly workflows: readonly WorkflowText[]
}

export interface WorkflowText {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
}

export interface ReleasePlan {
  /** `vX.Y.Z`; made once, never moved. */
  readonly tag: string
  /** `vX` and `vX.Y`, as far as this release is the newest of theirs. */
  readonly movingTags: readonly string[]
  /** Files that differ from the commit on the branch. */
  readonly files: readonly WorkflowText[]
  readonly notes: string
}

export type PlannedRelease =
  | { readonly ok: true; readonly plan: ReleasePlan }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reports all problems together, each with its remedy. */
export function planRelease(facts: ReleaseFacts): PlannedRelease {
  const version = parseVersion(facts.version)
  if (version === null) {
    return {
      ok: false,
      problems: [`\`${facts.version}\` is not a version; give three numbers, as \`1.4.0\``],
    }
  }
  const tag = `v${formatVersion(version)}`
  const notes = readChangelogSection(facts.changelog, facts.version)
  const problems = [
    ...findVersionProblems(version, facts),
    ...(notes === null ? [`CHANGELOG.md says nothing under \`## ${facts.version}\`; write the section`] : []),
    ...findReferenceProblems(facts.workflows),
  ]
  if (notes === null || problems.length > 0) return { ok: false, problems }
  const files = facts.workflows.map(({ path, text }) => ({ path, text: rewriteReferences(text, tag).text }))
  return { ok: true, plan: { tag, movingTags: chooseMovingTags(version, facts.tags), files, notes } }
}

function findVersionProblems(version: Version, facts: ReleaseFacts): string[] {
  const problems: string[] = []
  const tag = `v${formatVersion(version)}`
  if (facts.packageVersion !== facts.version) {
    problems.push(`package.json says \`${facts.packageVersion}\`; set its version to \`${facts.version}\``)
  }
  if (facts.tags.includes(tag)) {
    problems.push(`tag \`${tag}\` exists, and a published tag is never reused; release a higher version`)
  }
  const newest = findNewest(
    facts.tags,
    (other) => other.major === version.major && other.minor === version.minor,
  )
  if (newest !== null && compareVersions(version, newest) < 0) {
    problems.push(`\`${tag}\` is older than \`v${formatVersion(newest)}\`; release a higher version`)
  }
  return problems
}

function findReferenceProblems(workflows: readonly WorkflowText[]): string[] {
  return workflows
    .filter(({ text }) => rewriteReferences(text, 'v0.0.0').references === 0)
    .map(
      ({ path }) =>
        `${path} names no action of this repository; it should use \`dcf/aws-lambda-deploy...@vX\``,
    )
}

function chooseMovingTags(version: Version, tags: readonly string[]): string[] {
  const newest = findNewest(tags, (other) => other.major === version.major)
  const minor = `v${version.major}.${version.minor}`
  const isNewest = newest === null || compareVersions(version, newest) > 0
  return isNewest ? [`v${version.major}`, minor] : [minor]
}

function findNewest(tags: readonly string[], belongs: (version: Version) => boolean): Version | null {
  const versions = tags.flatMap((tag) => parseReleaseTag(tag) ?? []).filter(belongs)
  return versions.sort(compareVersions).at(-1) ?? null
}
