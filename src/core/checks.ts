// The customer guide's useful checks as commands that are ready to paste, for whoever looks into a failure.
import type { PartialFacts } from './facts.ts'

/** Commands for what is known about the run; values are quoted for a shell. */
export function usefulChecks(facts: PartialFacts): readonly string[] {
  const region = facts.region === undefined ? '' : ` --region ${quote(facts.region)}`
  const checks: string[] = []
  if (facts.buildId !== undefined)
    checks.push(`aws codebuild batch-get-builds --ids ${quote(facts.buildId)}${region}`)
  if (facts.repositoryName !== undefined)
    checks.push(`aws ecr describe-images --repository-name ${quote(facts.repositoryName)}${region}`)
  if (facts.functionName !== undefined && facts.region !== undefined) {
    const name = quote(facts.functionName)
    checks.push(
      `aws lambda get-function --function-name ${name}${region}`,
      `aws lambda get-function-url-config --function-name ${name}${region}`,
      `aws logs tail ${quote(`/aws/lambda/${facts.functionName}`)} --since 30m${region}`,
    )
  }
  return checks
}

function quote(value: string): string {
  return /^[\w.:/@-]+$/.test(value) ? value : `'${value.replace(/'/g, "'\\''")}'`
}
