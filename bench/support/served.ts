import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { identifiersOfUser } from './population.ts'

const PORT = 18_190
export const ADDRESS = `http://127.0.0.1:${PORT}`
const CLI = fileURLToPath(new URL('../../dist/server/cli.js', import.meta.url))

export function run(args: string[], folder: string): ChildProcess {
  const env = {
    ...process.env,
    DATA_DIR: folder,
    PORT: String(PORT),
    LOOKUPS_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
  }
  // By its first line, which says how Node is to be started.
  return spawn(CLI, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

export async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** Milliseconds from starting the process to its first answer of "ready". */
export async function startUp(folder: string): Promise<{ child: ChildProcess; ms: number }> {
  const started = performance.now()
  const child = run(['serve'], folder)
  for (;;) {
    const answer = await fetch(`${ADDRESS}/readyz`).catch(() => undefined)
    if (answer?.ok) return { child, ms: performance.now() - started }
    if (child.exitCode !== null) throw new Error('the server did not start')
    await sleep(5)
  }
}

/** Resident memory in megabytes, as the kernel counts it. */
export function residentMegabytes(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

export function randomPath(people: number): string {
  const { rio } = identifiersOfUser(1 + Math.floor(Math.random() * people))
  return `/plugins/callmanager/api.php/users/${rio}`
}

/** Look-ups at a steady rate, however long each takes, until `ended`. Answers the milliseconds of each. */
export async function steady(
  { token, people, perSecond }: { token: string; people: number; perSecond: number },
  ended: Promise<unknown>,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  const answers: Promise<void>[] = []
  let goesOn = true
  void ended.then(() => {
    goesOn = false
  })
  const began = performance.now()
  for (let sent = 0; goesOn; sent++) {
    const due = began + (sent * 1000) / perSecond
    const early = due - performance.now()
    if (early > 1) await sleep(early)
    answers.push(
      ask(agent, token, people).then(() => {
        times.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(answers)
  agent.destroy()
  return times
}

function ask(agent: Agent, token: string, people: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { 'session-token': token } }
    get(`${ADDRESS}${randomPath(people)}`, options, (response) => {
      response.resume()
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error('a look-up failed')),
      )
    }).once('error', reject)
  })
}
