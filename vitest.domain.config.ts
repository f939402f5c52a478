import { defineConfig } from 'vitest/config'

/** The domain's own tests alone, for mutation testing: pure rules, so nothing is started. */
export default defineConfig({
  test: { include: ['server/domain/**/*.test.ts'], testTimeout: 30_000, watch: false },
})
