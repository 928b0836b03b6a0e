import { defineConfig } from 'vitest/config'

// Every failure made on purpose. Most of the time is waiting, which costs nothing: several cases run side by side.
export default defineConfig({
  test: {
    include: ['test/diagnosis/**/*.test.ts', 'test/buildspec/{deploy,function}.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 4,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
