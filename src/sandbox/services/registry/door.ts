// The registry's place in the sandbox's server: everything under /v2/, written down in the journal.
import { randomUUID } from 'node:crypto'
import type { Journal } from '../../journal.ts'
import type { StreamDoor } from '../../service.ts'
import type { EcrOffice } from '../ecr/office.ts'
import { handleRegistry } from './handler.ts'
import { createUploads } from './upload.ts'
import type { RegistryNote } from './visit.ts'

export function createRegistryDoor(office: EcrOffice & { readonly journal: Journal }): StreamDoor {
  const uploads = createUploads()
  const record = (note: RegistryNote): void => {
    const { actions, ...rest } = note
    office.journal.add({
      ...rest,
      requestId: randomUUID(),
      time: new Date(office.world.clock.now()).toISOString(),
      service: 'registry',
      access: actions.map((action) => ({ action, resource: note.path })),
    })
  }
  return {
    name: 'registry',
    matches: (path) => path === '/v2' || path.startsWith('/v2/'),
    handle: (request, response) => handleRegistry({ ...office, uploads, record }, request, response),
    close: () => uploads.close(),
  }
}
