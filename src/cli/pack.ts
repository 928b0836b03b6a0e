// `pack`: writes the archive that a deployment would upload.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { deployInputNames, parseDeployInputs } from '../core/inputs.ts'
import { earlyOutputs } from '../core/outputs.ts'
import { prepare } from '../core/prepare.ts'
import { readBuildspec } from '../edge/kit.ts'
import { type Command, optionOf } from './command.ts'
import { inputOptions, readTexts } from './inputoptions.ts'
import { rejectAll, runLocally } from './localrun.ts'

const names = deployInputNames.filter((name) => name !== 'plan' && name !== 'doctor')

export const pack: Command = {
  name: 'pack',
  summary: 'Check the repository and write the archive; makes no call.',
  positionals: ['[DIR]'],
  options: [
    { name: 'out', value: 'FILE', help: 'Where the archive goes. Default is `app.zip`.' },
    ...inputOptions('action.yml', names),
  ],
  run: async (invocation) => {
    const [directory] = invocation.positionals
    const texts = {
      ...(directory === undefined ? {} : { 'working-directory': directory }),
      ...readTexts(invocation, names),
      plan: 'true',
    }
    const inputs = parseDeployInputs(texts, invocation.environment)
    if (!inputs.ok) return rejectAll(invocation, inputs.problems)
    const out = optionOf(invocation, 'out') ?? 'app.zip'
    return runLocally(invocation, {
      endpoints: {},
      story: async (context, host) => {
        const prepared = await prepare({ inputs: inputs.value, context, buildspec: readBuildspec() }, host)
        if (!prepared.ok) return { kind: 'rejected', problems: prepared.problems }
        const content = host.openArchive(prepared.value.archive).open()
        await pipeline(Buffer.isBuffer(content) ? Readable.from([content]) : content, createWriteStream(out))
        invocation.terminal.print([`Wrote ${out}, SHA-256 ${prepared.value.archive.sha256}`])
        return { kind: 'planned' }
      },
      outputs: (facts) => ({ out, ...earlyOutputs(facts) }),
    })
  },
}
