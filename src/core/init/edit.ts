// The edits that a repository needs before it can be deployed, as texts before and after and as a diff.
import { createTwoFilesPatch } from 'diff'
import { newerWindow } from '../source/window.ts'
import { editDockerfile } from './dockerfile.ts'
import { editPubspec } from './pubspec.ts'

/** Files of the working directory; a file that is not there, or is no UTF-8, is absent. */
export interface EditableFiles {
  readonly pubspec?: string | undefined
  readonly dockerfile?: string | undefined
}

export interface Edit {
  /** Relative to the working directory. */
  readonly path: string
  readonly before: string
  readonly after: string
}

/** The edits that change something: the SDK window first, then the image that goes with it. */
export function suggestEdits(files: EditableFiles): readonly Edit[] {
  const pubspec = files.pubspec === undefined ? undefined : editPubspec(files.pubspec)
  const window = pubspec?.window ?? newerWindow
  const edits: Edit[] = []
  if (files.pubspec !== undefined && pubspec !== undefined)
    edits.push({ path: 'pubspec.yaml', before: files.pubspec, after: pubspec.text })
  if (files.dockerfile !== undefined)
    edits.push({
      path: 'Dockerfile',
      before: files.dockerfile,
      after: editDockerfile(files.dockerfile, window),
    })
  return edits.filter((edit) => edit.before !== edit.after)
}

/** A unified diff as `git apply` and `patch -p1` take it. `folder` stands before the paths. */
export function writeDiff(edits: readonly Edit[], folder: string): string {
  const prefix = folder === '.' ? '' : `${folder}/`
  return edits
    .map(({ path, before, after }) =>
      createTwoFilesPatch(`a/${prefix}${path}`, `b/${prefix}${path}`, before, after, undefined, undefined, {
        context: 3,
      }).replace(/^=+\n/, ''),
    )
    .join('')
}
