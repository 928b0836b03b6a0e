// docs/guide-mistakes.md, made of the mistakes that the tests make.
import { mistakes } from './mistakes.ts'

export function writePage(): string {
  const lines = mistakes.map(
    ({ number, title, deployment, doctor, remark }) =>
      `| ${number} | ${title} | ${say(deployment, 'works')} | ${say(doctor, 'nothing')} | ${remark ?? ''} |`,
  )
  return `# The guide's common mistakes

The customer guide ends with eleven mistakes that others have made. A test makes each of them on purpose in the sandbox, deploys, and asks the
doctor (\`doctor: true\`, or \`dcf-lambda doctor\`). This is what they say.

| | mistake | a deployment | the doctor | remark |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`
}

function say(code: string | undefined, otherwise: string): string {
  return code === undefined ? otherwise : `[\`${code}\`](problems.md#${code.toLowerCase()})`
}
