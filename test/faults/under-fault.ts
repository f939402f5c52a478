import { setTimeout as sleep } from 'node:timers/promises'
import { ERRORS } from '../../server/domain/errors.ts'
import { HOST_TIMEOUT_S } from './attached-server.ts'
import type { Answer, Kind, Load } from './load.ts'

/** Our timeout on the database, that on the host, and some time to say so on a busy machine. */
const LONGEST_ANSWER_MS = (HOST_TIMEOUT_S + 10 + 5) * 1000
/** So long after a fault has ended everything is answered again. */
const RECOVERED_WITHIN_MS = 10_000
/** Nobody is refused for so long: it has recovered. */
const QUIET_MS = 800

/** How long each fault is kept up, where more than the least is wanted. */
const SECONDS = Number(process.env.FAULT_SECONDS ?? 0)

export interface FaultCase {
  name: string
  /** At least so long. */
  seconds: number
  strike(): Promise<unknown>
  /** What is looked at in the middle of it. */
  during?(): Promise<void>
  /** Ends it. */
  heal(): Promise<unknown>
  /** What is answered all the same, to everybody and at once. */
  goesOn?: readonly Kind[]
  /** Everybody has to log in again. */
  endsSessions?: boolean
}

interface Outcome {
  fault: string
  answers: number
  refused: number
  slowestMs: number
  recoveredMs: number
  problems: Record<string, number>
  /** Everything that should not have been: empty, if all is well. */
  violations: string[]
}

const isDone = ({ status }: Answer): boolean => status === 200 || status === 201
/** A key whose first request nobody knows the end of. */
const isUnderWay = ({ problem }: Answer): boolean => problem === 'request-under-way'

/** What is wrong with an answer, whatever ails the database or the host; null for an honest one. */
function dishonesty(answer: Answer, endsSessions: boolean): string | null {
  const { wrong, status, problem, begun, ended } = answer
  if (wrong !== undefined) return wrong
  if (ended - begun > LONGEST_ANSWER_MS) return `took ${Math.round(ended - begun)} ms`
  if (isDone(answer) || isUnderWay(answer)) return null
  if (endsSessions && problem === 'session-invalid') return null
  const known = Object.entries(ERRORS).find(([code]) => code === problem)?.[1]
  if ((status === 502 || status === 503) && known?.status === status) return null
  return `was answered ${status} ${problem}`
}

/** Strikes, keeps it up, heals, and waits until nobody is refused any more. */
export async function underFault(load: Load, fault: FaultCase): Promise<Outcome> {
  const { answers } = load
  const from = answers.length
  await fault.strike()
  const struck = performance.now()
  await sleep(Math.max(fault.seconds, SECONDS) * 1000)
  await fault.during?.()
  const healing = performance.now()
  await fault.heal()
  const healed = performance.now()
  const isLate = (answer: Answer) => answer.begun > healed && !isDone(answer) && !isUnderWay(answer)
  const lastRefused = () => answers.slice(from).findLast(isLate)?.ended ?? healed
  const until = healed + RECOVERED_WITHIN_MS + LONGEST_ANSWER_MS
  while (performance.now() < until && performance.now() - lastRefused() < QUIET_MS) await sleep(50)
  await allAnswered(load, performance.now(), until)

  const all = answers.slice(from)
  const violations = all.flatMap((answer) => {
    const problem = dishonesty(answer, fault.endsSessions ?? false)
    return problem === null ? [] : [`${answer.kind} ${problem}`]
  })
  for (const answer of all) {
    const { kind, begun, status, problem } = answer
    if (isDone(answer) || isUnderWay(answer)) continue
    if (fault.goesOn?.includes(kind)) violations.push(`${kind} did not go on: ${status} ${problem}`)
    if (begun > healed + RECOVERED_WITHIN_MS) violations.push(`${kind} still ${status} ${problem}`)
  }
  // A fault that nobody noticed has proved nothing.
  const during = all.filter(({ begun, ended }) => ended > struck && begun < healing)
  if (during.length === 0) violations.push('nothing was asked meanwhile')
  const problems: Record<string, number> = {}
  for (const answer of all) {
    if (isDone(answer)) continue
    const what = `${answer.status} ${answer.problem}`
    problems[what] = (problems[what] ?? 0) + 1
  }
  return {
    fault: fault.name,
    answers: all.length,
    refused: all.filter((answer) => !isDone(answer)).length,
    slowestMs: Math.round(Math.max(0, ...all.map(({ begun, ended }) => ended - begun))),
    recoveredMs: Math.round(Math.max(0, ...all.filter(isLate).map(({ ended }) => ended - healed))),
    problems,
    violations: [...new Set(violations)].slice(0, 10),
  }
}

/** Waits until each kind of request has been answered as it should, begun after `since`. */
async function allAnswered({ answers }: Load, since: number, until: number): Promise<void> {
  const kinds: Kind[] = ['hit', 'miss', 'rio', 'ticket']
  const isAnswered = (kind: Kind) =>
    answers.some((answer) => answer.kind === kind && answer.begun > since && isDone(answer))
  while (!kinds.every(isAnswered)) {
    if (performance.now() > until) {
      const silent = kinds.filter((kind) => !isAnswered(kind))
      throw new Error(`nobody is answered any more: ${silent.join(', ')}`)
    }
    await sleep(50)
  }
}

/** One line a fault, for whoever reads the run. */
export function describeOutcome({
  fault,
  answers,
  refused,
  slowestMs,
  recoveredMs,
  problems,
}: Outcome): string {
  const told = Object.entries(problems).map(([problem, count]) => `${count} × ${problem}`)
  return `${fault}: ${answers} answers, ${refused} refused (${told.join(', ') || 'none'}), slowest ${slowestMs} ms, all well after ${recoveredMs} ms`
}
