// Everything before the first call: look at the repository, plan, pack. A repository that cannot deploy never mints a token.
import { accept, type Checked, reject } from './checked.ts'
import type { Archive } from './cloud.ts'
import type { RunContext } from './context.ts'
import type { Host } from './host.ts'
import type { DeployInputs } from './inputs.ts'
import { sanitizeFunctionName } from './names.ts'
import { buildVariables, type Plan, planDeploy, sizeOfVariables } from './plan.ts'
import { isDeployable, type Problem } from './problem.ts'
import { explainFault } from './source/contents.ts'
import type { SourceReport } from './source/report.ts'
import { FileFault } from './source/tree.ts'

export interface DeployRequest {
  readonly inputs: DeployInputs
  readonly context: RunContext
  /** Text of the standard buildspec. */
  readonly buildspec: string
}

export interface Prepared {
  readonly plan: Plan
  readonly source: SourceReport
  readonly archive: Archive
}

/** Characters of variables that one build takes, as CodeBuild refuses more (its documentation names no number). */
const variablesLimit = 5500

export interface Examined {
  readonly source: SourceReport
  /** Absent where the source is too broken to plan with. */
  readonly plan: Plan | undefined
  readonly problems: readonly Problem[]
}

/** Looks at the repository and plans; packs nothing. */
export async function examine(request: DeployRequest, host: Host): Promise<Examined> {
  const { inputs } = request
  const source = await host.inspect({
    directory: inputs.workingDirectory,
    include: inputs.include,
    exclude: inputs.exclude,
  })
  host.publish({ fileCount: source.files.length, totalBytes: source.totalBytes })
  const planned = planPrepared(request, source, host)
  const problems = [...source.problems, ...planned.problems]
  host.publish({ remarks: problems.filter((problem) => problem.severity !== 'error') })
  return { source, plan: planned.ok ? planned.value : undefined, problems }
}

export async function prepare(request: DeployRequest, host: Host): Promise<Checked<Prepared>> {
  host.tell({ kind: 'step', text: 'Packaging' })
  const { source, plan, problems } = await examine(request, host)
  if (plan === undefined || !isDeployable(problems)) return reject(problems)
  try {
    const archive = await host.archive(source)
    host.publish({ artifactSha256: archive.sha256, artifactBytes: archive.bytes })
    return accept({ plan, source, archive }, problems)
  } catch (error) {
    if (error instanceof FileFault) return reject([...problems, explainFault(error)])
    throw error
  }
}

function planPrepared(request: DeployRequest, source: SourceReport, host: Host): Checked<Plan> {
  const { inputs, context, buildspec } = request
  const functionName =
    inputs.functionName ?? (source.name === undefined ? '' : sanitizeFunctionName(source.name))
  if (functionName !== '') host.publish({ functionName })
  // Without a name or a digest the source has an error of its own, which says more than we could here.
  if (functionName === '' || source.sourceDigest === undefined) return reject([])
  host.publish({ sourceDigest: source.sourceDigest })
  const plan = planDeploy({
    inputs,
    context,
    functionName,
    sourceDigest: source.sourceDigest,
    buildspec,
    nonce: host.random(4),
  })
  const tooLarge = checkVariables(request, plan)
  return tooLarge === undefined ? accept(plan) : reject([tooLarge])
}

function checkVariables({ inputs, context }: DeployRequest, plan: Plan): Problem | undefined {
  if (inputs.target === undefined) return undefined
  const stored = { etag: `"${'0'.repeat(32)}"` }
  const size = sizeOfVariables(
    buildVariables({
      plan,
      target: inputs.target,
      inputs,
      context,
      buildspec: '',
      stored,
      artifactSha256: '0'.repeat(64),
    }),
  )
  if (size <= variablesLimit) return undefined
  return {
    code: 'DCF-BUILD-VARIABLES-TOO-LARGE',
    severity: 'error',
    message: `The variables of the build have ${size} characters; CodeBuild takes about ${variablesLimit}.`,
    help: 'Shorten `environment-variables` (move values to Parameter Store), `artifact-key` or `image-tag`.',
  }
}
