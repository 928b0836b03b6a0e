// ECR's own calls for pushing, as far as a caller can learn from them whether he may push: an upload can be begun, and
// everything else is refused for the reason that ECR would give. Images come through the registry's door.
import { randomUUID } from 'node:crypto'
import { AwsError } from '../../awserror.ts'
import type { World } from '../../world.ts'
import type { Members } from '../members.ts'
import { findRepository } from './images.ts'

const partBytes = 20 * 1024 * 1024

export function initiateUpload(input: Members, world: World): unknown {
  findRepository(input, world)
  return { uploadId: randomUUID(), partSize: partBytes }
}

/** UploadLayerPart and CompleteLayerUpload: no upload of this interface ever has a part. */
export function refuseUpload(input: Members, world: World): never {
  const { name } = findRepository(input, world)
  const message = `Layer upload with uploadId '${input.text('uploadId') ?? ''}' does not exist in repository with name '${name}' in registry with id '${world.account}'`
  throw new AwsError('UploadNotFoundException', message)
}

export function refuseImage(input: Members, world: World): never {
  findRepository(input, world)
  const message =
    "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax' or 'Invalid manifest'"
  throw new AwsError('InvalidParameterException', message)
}
