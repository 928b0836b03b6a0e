// A repository of a customer in a folder of its own: the echo server, with the changes that a test wants.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Project {
  readonly folder: string
  write(path: string, content: string, mode?: number): void
  /** Replaces text in a file. @throws Error if it is not there. */
  edit(path: string, from: string, to: string): void
  remove(): void
}

export function createProject(name = 'echo'): Project {
  const folder = mkdtempSync(join(tmpdir(), 'dcf-project-'))
  cpSync(join(import.meta.dirname, 'fixtures', 'echo'), folder, { recursive: true })
  const write: Project['write'] = (path, content, mode = 0o644) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content, { mode })
  }
  const edit: Project['edit'] = (path, from, to) => {
    const before = readFileSync(join(folder, path), 'utf8')
    if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`)
    write(path, before.replace(from, to))
  }
  if (name !== 'echo') edit('pubspec.yaml', 'name: echo', `name: ${name}`)
  return { folder, write, edit, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What `/version` answers. */
export function setVersion(project: Project, from: string, to: string): void {
  project.edit('bin/server.dart', `const version = '${from}'`, `const version = '${to}'`)
}

/** Status of `/`, which is what the health check asks. */
export function setHealth(project: Project, from: number, to: number): void {
  project.edit('bin/server.dart', `const health = ${from}`, `const health = ${to}`)
}
