// The journal of requests: what was asked of the sandbox, by whom, and what it answered, for tests and for people.

export interface JournalEntry {
  readonly requestId: string
  /** ISO 8601, by the account's clock. */
  readonly time: string
  /** `s3`, `codebuild`, ...; `github` and `registry` for what is no AWS service; `unknown` for what none recognised. */
  readonly service: string
  readonly operation: string
  /** ARN of the session, or `anonymous`. */
  readonly principal: string
  /** Actions and resources that were asked of the policies. */
  readonly access: readonly { readonly action: string; readonly resource: string }[]
  readonly parameters?: unknown
  readonly method: string
  readonly path: string
  /** HTTP status; 0 when the connection was cut. */
  readonly status: number
  readonly errorCode?: string
}

export interface Journal {
  /** Oldest first. */
  readonly entries: readonly JournalEntry[]
  add(entry: JournalEntry): void
  /** `service:Operation` of each entry, in order; by service when given. */
  operations(service?: string): readonly string[]
  clear(): void
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = []
  return {
    entries,
    add: (entry) => {
      entries.push(entry)
    },
    operations: (service) =>
      entries
        .filter((entry) => service === undefined || entry.service === service)
        .map((entry) => `${entry.service}:${entry.operation}`),
    clear: () => {
      entries.length = 0
    },
  }
}
