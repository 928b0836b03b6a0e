import { defineConfig } from 'vitest/config'

// Cells wait most of their time, so that some run side by side; each is a process of its own.
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts'],
    pool: 'forks',
    maxWorkers: 1,
    maxConcurrency: 6,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
})
