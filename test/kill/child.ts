// The process that the kill test kills: the real server of DATA_DIR, and writers that work through its services.
import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readConfig } from '../../server/config.ts'
import { runServer } from '../../server/main.ts'
import type { Services } from '../../server/services.ts'
import { CANARY } from '../support/log-check.ts'
import type { Command, Report } from './reports.ts'
import { writeWithoutEnd } from './writers.ts'

const REPORTS = 3

/** In one go and at once: what is reported was true before, and no buffer dies with the process. */
function report(line: Report): void {
  writeSync(REPORTS, `${JSON.stringify(line)}\n`)
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const requests = { begun: 0, finished: 0 }
subscribe('http.server.request.start', () => {
  requests.begun++
})
subscribe('http.server.response.finish', () => {
  requests.finished++
})
process.on('exit', () => report({ kind: 'stopped', ...requests }))

let services: Services | undefined
console.log(CANARY)
// Kept by the first for those that follow; at its end it will have no time to.
flushCompileCache()
report({ kind: 'loaded' })
for await (const line of createInterface({ input: process.stdin })) {
  const command: Command = JSON.parse(line)
  if (command.do === 'start') {
    const running = await runServer(readConfig(), async () => {})
    services = running.services
    report({ kind: 'listening', address: running.address })
  } else if (command.do === 'measure') {
    collectGarbage()
    report({ kind: 'heap', used: process.memoryUsage().heapUsed })
  } else if (services !== undefined) {
    // Never settles but by an error, which ends the process as any uncaught one does.
    void writeWithoutEnd(services, command.work, report)
  }
}
// The test is gone; nothing is to stay behind.
process.kill(process.pid, 'SIGKILL')
