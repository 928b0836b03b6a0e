// What the probe build found from inside CodeBuild, read from the one variable that it exports.
import { type Code, entryOf } from '../catalogue.ts'
import { type Check, failed, passed, untold } from './check.ts'
import { type Remedies, writeStatements } from './statement.ts'

/** `NAME=VALUE;` pairs as the probe's buildspec writes them; anything else in the text is left out. */
export function parseFindings(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.slice(0, 4096).matchAll(/([a-z]+)=([\w:,.-]*);/g)]
  return new Map(pairs.map(([, name = '', value = '']) => [name, value]))
}

interface Rule {
  readonly name: string
  readonly title: string
  /** Code by value; a value that begins with `denied:` has the code of `denied`. */
  readonly codes: Readonly<Record<string, Code>>
  /** Values that say neither yes nor no, with the reason. */
  readonly untold?: Readonly<Record<string, string>>
}

const rules: readonly Rule[] = [
  { name: 'compute', title: 'The build runs on x86_64', codes: { '*': 'DCF-BUILD-COMPUTE' } },
  {
    name: 'docker',
    title: 'Docker runs in the build (privileged mode)',
    codes: { off: 'DCF-DOCKER-UNAVAILABLE' },
  },
  { name: 'cli', title: 'The AWS CLI of the build is new enough', codes: { old: 'DCF-AWS-CLI-OLD' } },
  {
    name: 'artifact',
    title: 'The build may read the archive',
    codes: {
      denied: 'DCF-ARTIFACT-UNREADABLE',
      kms: 'DCF-ARTIFACT-KEY-DENIED',
      failed: 'DCF-ARTIFACT-UNREADABLE',
    },
    untold: { absent: 'Nothing lies at the key, and S3 answers that like a missing permission.' },
  },
  {
    name: 'login',
    title: 'The build may log in to ECR',
    codes: { denied: 'DCF-ECR-TOKEN-DENIED', failed: 'DCF-ECR-LOGIN-FAILED' },
  },
  {
    name: 'push',
    title: 'The build may push to the repository',
    codes: { denied: 'DCF-ECR-PUSH-DENIED', missing: 'DCF-ECR-REPOSITORY-MISSING' },
  },
  {
    name: 'lambda',
    title: 'The build may create and update functions',
    codes: { denied: 'DCF-LAMBDA-ACCESS-DENIED' },
  },
  {
    name: 'role',
    title: 'The build may pass the execution role, and Lambda may assume it',
    codes: { denied: 'DCF-PASS-ROLE-DENIED', untrusted: 'DCF-EXECUTION-ROLE-UNASSUMABLE' },
    untold: { untold: 'CreateFunction was refused before Lambda looked at the role.' },
  },
  {
    name: 'image',
    title: 'Lambda may pull from the repository',
    codes: { denied: 'DCF-ECR-PULL-DENIED' },
    untold: { untold: 'CreateFunction was refused before Lambda looked at the image.' },
  },
]

/** A check for everything that the build looks at; one that it did not report could not be told. */
export function judgeFindings(findings: ReadonlyMap<string, string>, remedies: Remedies): readonly Check[] {
  return [
    ...rules.map((rule) => judge(rule, findings.get(rule.name), remedies)),
    judgePull(findings.get('pull'), remedies),
  ]
}

function judge(rule: Rule, value: string | undefined, remedies: Remedies): Check {
  const { name, title } = rule
  const id = `build-${name}`
  if (value === undefined) return untold(id, title, { reason: 'The probe build did not get that far.' })
  if (value === 'ok') return passed(id, title, 'seen from inside the build')
  const reason = rule.untold?.[value]
  if (reason !== undefined) return untold(id, title, { reason })
  const actions = value.startsWith('denied:') ? value.slice('denied:'.length).split(',') : []
  const explicit = actions
    .filter((action) => action.startsWith('deny:'))
    .map((action) => action.slice('deny:'.length))
  const [kind = ''] = value.split(':')
  const code =
    explicit.length > 0
      ? 'DCF-LAMBDA-EXPLICIT-DENY'
      : (rule.codes[kind] ?? rule.codes['*'] ?? 'DCF-BUILD-FAILED')
  const missing =
    explicit.length > 0 ? explicit : name === 'role' && kind === 'denied' ? ['iam:PassRole'] : actions
  const entry = entryOf(code)
  return failed(id, title, {
    code,
    detail:
      missing.length === 0
        ? `${entry.title}. ${entry.cause} (Found: ${value}.)`
        : `${entry.title}: ${missing.join(', ')}.`,
    help: entry.remedy,
    statement: explicit.length > 0 ? undefined : writeStatements(remedies, 'CodeBuild service role', missing),
  })
}

/** An optional permission: without it a deployment works, with less. */
function judgePull(value: string | undefined, remedies: Remedies): Check {
  const title = 'Optional: layers are reused and the pushed manifest is checked'
  if (value === 'ok') return passed('build-pull', title, 'seen from inside the build')
  if (value === undefined)
    return untold('build-pull', title, { reason: 'The probe build did not get that far.' })
  const actions = value.slice('denied:'.length).split(',')
  return untold('build-pull', title, {
    reason: 'The CodeBuild service role may not read the repository; deployments work without it.',
    permission: `${actions.join(', ')} for the CodeBuild service role (optional)`,
    statement: writeStatements(remedies, 'CodeBuild service role', actions),
  })
}
