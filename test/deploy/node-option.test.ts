import { expect, test } from 'vitest'
import { readSource } from '../support/repository.ts'

/** Without it the program takes some 40 MB more under load. */
const OPTION = '--max-semi-space-size=2'
test.each([
  'server/cli.ts',
  'bin/callmanager.mjs',
  'scripts/start.mjs',
  'Dockerfile',
  'deploy/callmanager.service',
  'docs/install.md',
])('%s starts Node with the option that keeps it small', (file) => expect(readSource(file)).toContain(OPTION))
