import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { inject } from 'vitest'
import { COMPILED } from '../support/compiled.ts'
import type { Acknowledged, Command, Report, WriterWork } from './reports.ts'

const CHILD = join(inject('program'), 'child.js')

interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A server in a process of its own. It has loaded its modules but touches nothing before `start`. */
export interface ServerProcess {
  /** Starts the server; answers its address once it listens. A process that is killed before may leave it unhandled. */
  start(): Promise<string>
  /** Lets its own writers begin. */
  write(work: WriterWork): void
  /** Bytes of its heap that are still of use. */
  heapUsed(): Promise<number>
  /** Sends a signal; resolves once the process is gone and all that it reported has arrived. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ending>
  /** The acknowledged writes, as far as they have arrived. */
  acknowledged: Acknowledged[]
  /** The requests that it took and the answers that it finished, told by a process that ended by itself. */
  requests: { begun: number; finished: number } | undefined
  /** Everything it wrote to its log and to stderr. */
  output(): string
}

/**
 * Starts a process whose server will keep its data in `dataDir`, by these settings besides; resolves once it is ready to
 * start.
 */
export async function spawnServer(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [CHILD], {
    env: {
      DATA_DIR: dataDir,
      ...COMPILED,
      HOST: '127.0.0.1',
      PORT: '0',
      LOOKUPS_PER_MINUTE: '0',
      FAILED_LOGINS_PER_MINUTE: '0',
      SESSION_IDLE_MINUTES: '10080',
      LOG_LEVEL: 'info',
      ...settings,
    },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const { stdin, stdout, stderr, stdio } = child
  const reports = stdio[3]
  if (!(reports instanceof Readable)) throw new Error('the child has no pipe to report through')
  const output: string[] = []
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  }
  // A child that is killed cannot be told anything more.
  stdin.on('error', () => undefined)

  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  const loaded = Promise.withResolvers<void>()
  const listening = Promise.withResolvers<string>()
  let measuring = Promise.withResolvers<number>()
  listening.promise.catch(() => undefined)
  void ended.then(({ code, signal }) => {
    const error = new Error(`the server ended with ${signal ?? code} before it listened:\n${output.join('')}`)
    loaded.reject(error)
    listening.reject(error)
  })

  const server: ServerProcess = {
    start() {
      tell(stdin, { do: 'start' })
      return listening.promise
    },
    write: (work) => tell(stdin, { do: 'write', work }),
    heapUsed() {
      measuring = Promise.withResolvers()
      tell(stdin, { do: 'measure' })
      return measuring.promise
    },
    end(signal) {
      child.kill(signal)
      return ended
    },
    acknowledged: [],
    requests: undefined,
    output: () => output.join(''),
  }
  eachLine(reports, (line) => {
    const report: Report = JSON.parse(line)
    if (report.kind === 'loaded') loaded.resolve()
    else if (report.kind === 'listening') listening.resolve(report.address)
    else if (report.kind === 'heap') measuring.resolve(report.used)
    else if (report.kind === 'stopped') server.requests = report
    else server.acknowledged.push(report)
  })
  await loaded.promise
  return server
}

function tell(stdin: Writable, command: Command): void {
  stdin.write(`${JSON.stringify(command)}\n`)
}

/** Whole lines only: the last one of a killed process may be cut. */
function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}
