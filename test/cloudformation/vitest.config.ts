import { defineConfig } from 'vitest/config'

// cfn-lint and MiniStack are installed once, before the first test.
export default defineConfig({
  test: { include: ['test/cloudformation/*.test.ts'], testTimeout: 120_000, hookTimeout: 600_000 },
})
