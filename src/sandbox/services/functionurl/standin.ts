// The stand-in for a running function: it runs nothing, says so, and shows which image and which source would answer.
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isObject, parseJson } from '../../json.ts'
import type { World } from '../../world.ts'
import { findManifest, type Repository } from '../repository.ts'
import type { ProgramBehaviour } from '../switches.ts'
import type { Invocation, InvokeOutcome, Invoker } from './invoker.ts'

/** Label of the image that carries the digest of the source it was built from. */
const SOURCE_LABEL = 'dev.dcf.source-digest'

export function createStandinInvoker(world: World): Invoker {
  return { invoke: (invocation) => answer(invocation, world), forget: async () => undefined }
}

async function answer({ fn, version, event }: Invocation, world: World): Promise<InvokeOutcome> {
  const { image } = version
  const repository = image === undefined ? undefined : world.repositories.get(image.repository)
  if (image === undefined || repository === undefined) {
    return {
      kind: 'error',
      type: 'Runtime.InvalidEntrypoint',
      message: 'The image of this function is gone.',
    }
  }
  const behaviour = world.switches.lambda.program?.(image)
  if (behaviour !== undefined) return behave(behaviour)
  const labels = await readLabels(repository, image.digest)
  const body = {
    standIn: true,
    message:
      "This is the sandbox's stand-in for AWS Lambda: the image was built and deployed, but no program runs here.",
    function: fn.name,
    imageDigest: image.digest,
    sourceDigest: labels[SOURCE_LABEL] ?? null,
    request: { method: event.requestContext.http.method, path: event.rawPath },
  }
  const response = {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'x-dcf-stand-in': 'lambda' },
    body: `${JSON.stringify(body, null, 2)}\n`,
  }
  return { kind: 'payload', text: JSON.stringify(response) }
}

async function behave(behaviour: ProgramBehaviour): Promise<InvokeOutcome> {
  switch (behaviour.kind) {
    case 'answers': {
      await sleep(behaviour.delay ?? 0)
      return {
        kind: 'payload',
        text: JSON.stringify({ statusCode: behaviour.status, body: behaviour.body ?? '' }),
      }
    }
    case 'crashes':
      return { kind: 'error', type: 'Runtime.ExitError', message: 'Runtime exited with error: exit status 1' }
  }
}

/** Labels from the image's configuration, as it stands in the registry. */
async function readLabels(
  repository: Repository,
  digest: string,
): Promise<Readonly<Record<string, unknown>>> {
  const manifest = findManifest(repository, digest)
  const document = manifest === undefined ? undefined : parseJson(manifest.body.toString('utf8'))
  const descriptor = isObject(document) ? document['config'] : undefined
  const blob = isObject(descriptor) ? repository.blobs.get(String(descriptor['digest'])) : undefined
  if (blob === undefined) return {}
  const configuration = parseJson(await readFile(blob.file, 'utf8'))
  const settings = isObject(configuration) ? configuration['config'] : undefined
  const labels = isObject(settings) ? settings['Labels'] : undefined
  return isObject(labels) ? labels : {}
}
