import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Filling, TestAgent, TestPerson } from './store.ts'

/** What a server on an overloaded machine says, and that it has not looked anybody up. */
export const OVERLOADED = 503

/** Connections of each agent. */
const CONNECTIONS = 2

/** How long who was turned away waits. */
const PATIENCE_MS = 50

interface Asked {
  sent: number
  /** Answers that have begun to arrive. Being turned away while the machine is overloaded is none. */
  answered: number
  turnedAway: number
}

export interface Load {
  /** What each agent asked and was answered, by the agent's id. */
  asked: ReadonlyMap<number, Asked>
  /** Answers other than the person who was asked for. */
  wrong: string[]
  /** Every connection has been answered once. */
  underWay: Promise<unknown>
  /** Ends each connection after its answer; resolves when all are done or cut. */
  stop(): Promise<void>
}

export const lookupUrl = (address: string, rio: string) =>
  `${address}/plugins/callmanager/api.php/users/${rio}`

/** Looks people up without pause, over several connections of each agent that are kept open, until these are cut. */
export function startLoad(address: string, { agents, people }: Filling): Load {
  const asked = new Map<number, Asked>()
  const wrong: string[] = []
  let stopping = false

  async function askOnOneConnection(
    { id, token }: TestAgent,
    counts: Asked,
    answeredOnce: () => void,
  ): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!stopping) {
      const person = people[Math.floor(Math.random() * people.length)]
      if (person === undefined) return
      counts.sent++
      try {
        const response = await answerTo(lookupUrl(address, person.rio), token, agent)
        if (response.statusCode === OVERLOADED) {
          counts.turnedAway++
          response.resume()
          await sleep(PATIENCE_MS)
          continue
        }
        counts.answered++
        answeredOnce()
        const problem = problemWith(response.statusCode, await text(response), person)
        if (problem !== null) wrong.push(`agent ${id}: ${problem}`)
      } catch {
        // The connection is cut: the server is gone.
        break
      }
    }
    agent.destroy()
  }

  const connections = agents.flatMap((agent) => {
    const counts = { sent: 0, answered: 0, turnedAway: 0 }
    asked.set(agent.id, counts)
    return Array.from({ length: CONNECTIONS }, () => {
      const first = Promise.withResolvers<void>()
      return { first: first.promise, end: askOnOneConnection(agent, counts, first.resolve) }
    })
  })
  return {
    asked,
    wrong,
    underWay: Promise.all(connections.map(({ first, end }) => Promise.race([first, end]))),
    async stop() {
      stopping = true
      await Promise.all(connections.map(({ end }) => end))
    },
  }
}

/** The agents of whom the journal lacks an answered look-up, or holds one that was never asked. */
export function miscounted(
  { asked }: Load,
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): string[] {
  return [...asked].flatMap(([id, { sent, answered }]) => {
    const journalled = (after.get(id) ?? 0) - (before.get(id) ?? 0)
    if (journalled >= answered && journalled <= sent) return []
    return [`agent ${id}: ${sent} sent, ${answered} answered, ${journalled} in the journal`]
  })
}

function answerTo(url: string, token: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { 'session-token': token } }, resolve).on('error', reject)
  })
}

function problemWith(status: number | undefined, body: string, person: TestPerson): string | null {
  if (status !== 200) return `${status} ${body}`
  const { users }: { users: { id: number }[] } = JSON.parse(body)
  return users.length === 1 && users[0]?.id === person.id
    ? null
    : `asked for user ${person.id}, was answered ${body}`
}
