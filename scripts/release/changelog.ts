// The notes of a release: the section of CHANGELOG.md that carries its version.

/**
 * The text below `## VERSION` (a date may follow, as `## 1.4.0 - 2026-11-28`) up to the next heading of that level,
 * trimmed. Null when there is no such section or nothing in it.
 */
export function readChangelogSection(changelog: string, version: string): string | null {
  const lines = changelog.split(/\r?\n/)
  const start = lines.findIndex((line) => line === `## ${version}` || line.startsWith(`## ${version} - `))
  if (start === -1) return null
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.startsWith('## '))
  const section = (end === -1 ? rest : rest.slice(0, end)).join('\n').trim()
  return section === '' ? null : section
}
