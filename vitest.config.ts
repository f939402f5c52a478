import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { findMariaDb } from './test/support/find-program.ts'

/** Some tests start a MariaDB or a whole server: be patient. */
const patience = { testTimeout: 30_000, hookTimeout: 120_000 }

/** Files that run in one process share its modules: loading and warming them up anew took a third of the run. */
const shared = { isolate: false, setupFiles: ['test/support/file-end.ts', 'test/support/threads.ts'] }

/** What takes a minute or more begins, so that in the end no process is left alone with it. */
const LONG = /\/test\/(deploy\/dockerfile|explain-million|fuzz\/|kill\/|following\/many|processes\/|faults\/)/
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [true, false].flatMap((long) => sorted.filter(({ moduleId }) => LONG.test(moduleId) === long))
  }
}

const embedded = {
  ...patience,
  ...shared,
  name: 'embedded',
  include: ['{contract,server,web,test,bench,scripts}/**/*.test.ts'],
  provide: { helpdesk: 'embedded' as const },
}

/** The tests of routes once more: `startApp` starts a server beside the stand-in host, by an account of our grants alone. */
const attached = {
  ...patience,
  ...shared,
  name: 'attached',
  include: ['server/routes/**/*.test.ts', 'server/log.test.ts', 'test/authorization.test.ts'],
  // What an attached server leaves to its host; test/authorization.test.ts asks that it is not there.
  exclude: ['server/routes/{apirest,setup}.test.ts', 'server/routes/v1/accounts.test.ts'],
  provide: { helpdesk: 'attached' as const },
}

const hasMariaDb = findMariaDb() !== undefined
if (!hasMariaDb) console.log('skipped: everything attached, for want of a MariaDB')

export default defineConfig({
  test: {
    // One MariaDB for the run, where it is installed; one log, searched at the end for what no log may hold; one program.
    globalSetup: ['test/support/engines.ts', 'test/support/log-check.ts', 'test/support/program.ts'],
    pool: 'forks',
    // Few at a time, as each may start servers of its own.
    maxWorkers: 2,
    watch: false,
    sequence: { sequencer: LongestFirst },
    projects: [{ test: embedded }, ...(hasMariaDb ? [{ test: attached }] : [])],
  },
})
