import { defineConfig } from 'vitest/config'

// Every case is a deployment or an examination of its own in the sandbox, one after the other: some minutes.
export default defineConfig({
  test: {
    include: ['test/permissions/*.test.ts', 'test/doctor/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
})
