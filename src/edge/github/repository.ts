// Asks GitHub's API for what a trust policy needs to know of a repository: its exact name and its numbers.
import { HttpClient } from '@actions/http-client'

export interface RepositoryFacts {
  /** As GitHub writes it; `sub` is compared letter by letter. */
  readonly fullName: string
  readonly id: string
  readonly ownerId: string
  readonly defaultBranch: string
}

export type RepositoryAnswer =
  | { readonly kind: 'found'; readonly facts: RepositoryFacts }
  | { readonly kind: 'refused'; readonly reason: string }

export interface RepositoryQuestion {
  /** Base of the REST API, for example `https://api.github.com`. */
  readonly api: string
  /** `OWNER/NAME`. */
  readonly repository: string
  /** Needed for private repositories only. */
  readonly token: string | undefined
}

/** Ten seconds for one answer: a person is waiting for it. */
const timeoutMilliseconds = 10_000

/** One GET of the repository; follows the redirect that GitHub gives for one that was renamed. */
export async function askRepository(question: RepositoryQuestion): Promise<RepositoryAnswer> {
  const client = new HttpClient('dcf-aws-lambda-deploy', [], {
    allowRetries: true,
    maxRetries: 1,
    socketTimeout: timeoutMilliseconds,
  })
  const headers = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(question.token === undefined ? {} : { authorization: `Bearer ${question.token}` }),
  }
  try {
    const answer = await client.get(`${question.api}/repos/${question.repository}`, headers)
    const text = await answer.readBody()
    const status = answer.message.statusCode ?? 0
    if (status !== 200) return { kind: 'refused', reason: `GitHub answered ${status}` }
    const facts = readFacts(JSON.parse(text))
    return facts === undefined
      ? { kind: 'refused', reason: 'the answer is not that of a repository' }
      : { kind: 'found', facts }
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) }
  } finally {
    client.dispose()
  }
}

function readFacts(answer: unknown): RepositoryFacts | undefined {
  const repository = treeOf(answer)
  const fullName = repository['full_name']
  const id = idOf(repository['id'])
  const ownerId = idOf(treeOf(repository['owner'])['id'])
  const branch = repository['default_branch']
  const isName = typeof fullName === 'string' && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(fullName)
  if (!isName || id === undefined || ownerId === undefined || typeof branch !== 'string') return undefined
  return { fullName, id, ownerId, defaultBranch: branch }
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : undefined
}

function treeOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
