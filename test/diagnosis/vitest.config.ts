import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The file that waits longest begins first, so that everything else happens meanwhile. */
class PatienceFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isPatient = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith('patience.test.ts'))
    return (await super.sort(files)).toSorted((a, b) => isPatient(b) - isPatient(a))
  }
}

// Every failure made on purpose. Most of the time is waiting, which costs nothing: several cases run side by side.
export default defineConfig({
  test: {
    include: ['test/diagnosis/**/*.test.ts', 'test/buildspec/{deploy,function}.test.ts'],
    sequence: { sequencer: PatienceFirst },
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 4,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
