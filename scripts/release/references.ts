// How the reusable workflows name the actions of their own release: by the full tag, so that one release never
// runs another's code, even for callers of a moving tag.

const REFERENCE = /^(\s*(?:-\s+)?uses:\s*)(dcf\/aws-lambda-deploy(?:\/[A-Za-z0-9_./-]+)?)@([^\s#]+)(.*)$/

export interface RewrittenWorkflow {
  readonly text: string
  /** How many references were found. */
  readonly references: number
}

/** Points every `uses: dcf/aws-lambda-deploy[/path]@REF` of a workflow at `tag`; comments and examples stay. */
export function rewriteReferences(workflow: string, tag: string): RewrittenWorkflow {
  let references = 0
  const lines = workflow.split('\n').map((line) => {
    const match = REFERENCE.exec(line)
    if (match === null) return line
    references += 1
    return `${match[1]}${match[2]}@${tag}${match[4]}`
  })
  return { text: lines.join('\n'), references }
}
