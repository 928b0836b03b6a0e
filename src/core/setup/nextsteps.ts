// What to do with the files of a setup, in the order in which to do it.
import { type SetupRequest, valuesOf } from './request.ts'

/** `NEXT-STEPS.md`. */
export function writeNextSteps(request: SetupRequest): string {
  const values = Object.entries(valuesOf(request)).map(([name, value]) => `- \`${name}\`: \`${value}\``)
  return `# Deploying ${request.owner}/${request.name} to AWS account ${request.account}

Do this once, with an identity that may create roles in the account (\`aws sts get-caller-identity\` says which it is).

## 1. Set up the account

With CloudFormation:

    ${deployStack(request, 'template.yaml')}

or without it: \`commands/setup.sh\`. It makes what is missing and changes nothing that exists.
${describeProvider(request)}
## 2. Add the workflows

Copy the files of \`workflows/\` to \`.github/workflows/\` in ${request.owner}/${request.name}, commit them and push.

## The values

${values.join('\n')}
`
}

/** The command that makes the stack from a template at this path. */
export function deployStack(request: SetupRequest, template: string): string {
  const path = /^[\w./-]+$/.test(template) ? template : `'${template.replaceAll("'", "'\\''")}'`
  return `aws cloudformation deploy --region ${request.region} --stack-name dcf-lambda --template-file ${path} --capabilities CAPABILITY_NAMED_IAM`
}

function describeProvider(request: SetupRequest): string {
  const list = 'aws iam list-open-id-connect-providers'
  if (!request.hasProvider)
    return `
The template creates the OIDC provider for ${request.issuer}. An account can have it only once: if
\`${list}\` shows it already, run \`setup\` again with \`--existing-provider\`.
`
  return `
The template relies on the account's OIDC provider for ${request.issuer}. It must know the audience:

    ${addClientId(request)}
`
}

/** Adds our audience to a provider that exists; harmless where it is there already. */
function addClientId(request: SetupRequest): string {
  const arn = valuesOf(request).roleArn.replace(
    /:role\/.*$/,
    `:oidc-provider/${request.issuer.slice('https://'.length)}`,
  )
  return `aws iam add-client-id-to-open-id-connect-provider --client-id ${request.audience} --open-id-connect-provider-arn ${arn}`
}
