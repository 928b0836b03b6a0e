// What is told about secrets and about a checkout that lacks something.
import type { Problem } from '../problem.ts'
import type { ReadFile } from './contents.ts'
import { quote, quoteSome } from './quote.ts'
import { holdsGitToken, isKeptDespiteSecret } from './secrets.ts'

/** One notice for all secrets that stay out, and a warning for each that stands in a source. */
export function judgeSecrets(omitted: readonly string[], files: readonly ReadFile[]): readonly Problem[] {
  const exposed = files.filter((read) => read.holdsSecret && isKeptDespiteSecret(read.file.path))
  const warnings = exposed.map(
    ({ file }): Problem => ({
      code: 'DCF-SECRET-IN-SOURCE',
      severity: 'warning',
      message: `A private key stands in ${quote(file.path)}, and so it becomes a part of the image.`,
      help: 'Take it out, replace the key, and let the program read the new one from AWS Secrets Manager or an environment variable.',
      file: file.path,
    }),
  )
  if (omitted.length === 0) return warnings
  return [
    ...warnings,
    {
      code: 'DCF-SECRETS-KEPT-OUT',
      severity: 'notice',
      message: `${omitted.length === 1 ? '1 file that looks like a secret stays' : `${omitted.length} files that look like secrets stay`} out of the archive: ${quoteSome(omitted)}.`,
      help: 'If the program cannot do without one of them, name it in `include`; better, let it read the value from AWS Secrets Manager.',
    },
  ]
}

export interface Checkout {
  readonly gitConfig?: string
  readonly gitModules?: string
  /** Paths of folders without entries. */
  readonly emptyFolders: readonly string[]
  readonly pointers: readonly string[]
}

/** What a checkout has left behind or left out. */
export function judgeCheckout(checkout: Checkout): readonly Problem[] {
  const problems: Problem[] = []
  if (checkout.gitConfig !== undefined && holdsGitToken(checkout.gitConfig)) {
    problems.push({
      code: 'DCF-GIT-TOKEN',
      severity: 'notice',
      message:
        'A token stands in .git/config. It stays out of the archive, but every later step of the job can read it.',
      help: 'Give the checkout step `persist-credentials: false`.',
    })
  }
  const modules = [...(checkout.gitModules ?? '').matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map(
    (match) => match[1] ?? '',
  )
  const empty = modules.filter((path) => checkout.emptyFolders.includes(path))
  if (empty.length > 0) {
    problems.push({
      code: 'DCF-SUBMODULE-EMPTY',
      severity: 'warning',
      message: `${quoteSome(empty)} ${empty.length === 1 ? 'is a git submodule, and its folder is' : 'are git submodules, and their folders are'} empty.`,
      help: 'Give the checkout step `submodules: true`.',
      file: '.gitmodules',
    })
  }
  const [pointer] = checkout.pointers
  if (pointer !== undefined) {
    problems.push({
      code: 'DCF-LFS-POINTER',
      severity: 'warning',
      message: `${quoteSome(checkout.pointers)} ${checkout.pointers.length === 1 ? 'is only a pointer' : 'are only pointers'} of Git LFS, not the content.`,
      help: 'Give the checkout step `lfs: true`.',
      file: pointer,
    })
  }
  return problems
}
