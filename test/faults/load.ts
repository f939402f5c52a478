import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ERRORS } from '../../server/domain/errors.ts'
import { API, V1 } from '../support/app.ts'

/** Nobody waits longer; an answer that takes longer is told apart from those that are merely late. */
const CLIENT_PATIENCE_MS = 40_000
/** Between two look-ups of one agent. */
const BREATH_MS = 15
/** How long who was refused waits: longer than the host works on after we have given it up. */
const BACK_OFF_MS = 1500
/** How often a ticket's key is sent before it is left for later. */
const REPEATS = 4

export type Kind = 'hit' | 'miss' | 'rio' | 'ticket'

export interface Answer {
  kind: Kind
  begun: number
  ended: number
  /** 0 where none came. */
  status: number
  /** The code of our table, for a failure that is one of its values. */
  problem: string
  /** What it says that is not so. */
  wrong?: string
}

export interface LoadAgent {
  id: number
  login: string
  token: string
  /** Look-ups that were sent, and those that were answered with what was found. */
  sent: number
  answered: number
}

/** A person whose RIO one writer changes: what was acknowledged last, and what may have been written since. */
export interface RioTarget {
  userId: number
  acknowledged: string
  doubtful: string[]
}

export interface TicketKey {
  key: string
  title: string
  requesterId: number
  agent: LoadAgent
  /** The ticket that was acknowledged; 0 while none was. */
  id: number
}

interface Options {
  address: string
  agents: readonly LoadAgent[]
  people: readonly { id: number; rio: string }[]
  targets: readonly RioTarget[]
  logIn(login: string): Promise<string>
}

const CODES = new Map(Object.entries(ERRORS).map(([code, { title }]) => [title as string, code]))

/** The value of our table that an answer names, by its type or, under `api.php`, by its words. */
function problemIn(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  if ('type' in body) return String(body.type).replace('/problems/', '')
  if (!('error' in body)) return ''
  const [title = ''] = String(body.error).split(': ')
  return CODES.get(title) ?? ''
}

/**
 * Looks people up, writes RIOs and makes tickets without pause, some twenty at a time, until it is stopped. Each ticket's
 * key is sent again until it is answered.
 */
export function startLoad({ address, agents, people, targets, logIn }: Options) {
  const answers: Answer[] = []
  const tickets: TicketKey[] = []
  let stopping = false
  let number = 0

  async function ask(
    kind: Kind,
    agent: LoadAgent,
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: object } = {},
  ): Promise<Answer & { body: unknown }> {
    const begun = performance.now()
    const { method = 'GET', headers = {}, body: sent } = init
    const answer: Answer & { body: unknown } = { kind, begun, ended: 0, status: 0, problem: '', body: null }
    try {
      const got = await fetch(address + path, {
        method,
        headers: { 'session-token': agent.token, 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(CLIENT_PATIENCE_MS),
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      })
      answer.body = await got.json()
      answer.status = got.status
      answer.problem = problemIn(answer.body)
    } catch (error) {
      answer.wrong = `no answer: ${error}`
    }
    answer.ended = performance.now()
    answers.push(answer)
    return answer
  }

  /** What a client does after a refusal: it waits, and logs in where its session is gone. */
  async function recover(agent: LoadAgent, { status }: Answer): Promise<void> {
    if (status === 401) agent.token = await logIn(agent.login).catch(() => agent.token)
    await sleep(stopping ? 0 : BACK_OFF_MS)
  }

  async function lookUp(agent: LoadAgent): Promise<void> {
    while (!stopping) {
      const isHit = Math.random() < 0.7
      const person = people[Math.floor(Math.random() * people.length)]
      const rio = isHit && person !== undefined ? person.rio : `5${String(++number).padStart(7, '0')}`
      agent.sent++
      const answer = await ask(isHit ? 'hit' : 'miss', agent, `${API}/users/${rio}`)
      if (answer.status === 200) {
        agent.answered++
        const found = JSON.stringify(answer.body)
        const right = isHit
          ? found.startsWith(`{"users":[{"id":${person?.id},`) && !found.includes('},{')
          : found === '{"users":[]}'
        if (!right) answer.wrong = `asked for ${isHit ? person?.id : 'nobody'}, was answered ${found}`
      } else if (answer.status === 401) agent.token = await logIn(agent.login).catch(() => agent.token)
      await sleep(BREATH_MS)
    }
  }

  async function putRio(agent: LoadAgent, target: RioTarget): Promise<Answer> {
    const rio = `6${String(++number).padStart(7, '0')}`
    target.doubtful.push(rio)
    const answer = await ask('rio', agent, `${V1}/users/${target.userId}/rio`, {
      method: 'PUT',
      headers: { 'if-match': '*' },
      body: { rio },
    })
    if (answer.status !== 200) return answer
    const { body } = answer
    const told = typeof body === 'object' && body !== null && 'rio' in body ? body.rio : undefined
    // What was in doubt may have come late, and then it is what is told.
    if (told === rio) {
      target.acknowledged = rio
      target.doubtful = []
    } else if (target.doubtful.length === 1) answer.wrong = `wrote ${rio}, was answered ${told}`
    return answer
  }

  async function writeRios(agent: LoadAgent, target: RioTarget): Promise<void> {
    while (!stopping) {
      const answer = await putRio(agent, target)
      if (answer.status === 200) await sleep(BREATH_MS)
      else await recover(agent, answer)
    }
  }

  async function postTicket(ticket: TicketKey): Promise<Answer> {
    const { agent, key, title, requesterId } = ticket
    const answer = await ask('ticket', agent, `${V1}/tickets`, {
      method: 'POST',
      headers: { 'idempotency-key': key },
      body: { requesterId, title, description: 'It rang.', type: 'incident' },
    })
    if (answer.status !== 201) return answer
    const { body } = answer
    const id = typeof body === 'object' && body !== null && 'id' in body ? Number(body.id) : 0
    if (ticket.id !== 0 && ticket.id !== id) answer.wrong = `key ${key} gave ${ticket.id}, then ${id}`
    ticket.id = id
    return answer
  }

  async function makeTickets(agent: LoadAgent, requesterId: number): Promise<void> {
    while (!stopping) {
      const key = randomUUID()
      const ticket = { key, title: `call ${key}`, requesterId, agent, id: 0 }
      tickets.push(ticket)
      for (let time = 0; time < REPEATS && ticket.id === 0 && !stopping; time++) {
        const answer = await postTicket(ticket)
        // Nobody knows yet, and that may last; the key is sent again at the end.
        if (answer.status === 409) break
        if (answer.status !== 201) await recover(agent, answer)
      }
      await sleep(BREATH_MS * 4)
    }
  }

  const [requester] = people
  const working = Promise.all([
    ...agents.map(lookUp),
    ...targets.map((target, at) => writeRios(agents[at % agents.length] ?? never(), target)),
    ...agents.slice(-3).map((agent) => makeTickets(agent, requester?.id ?? 0)),
  ])
  return {
    answers,
    tickets,
    putRio,
    /** Sends every key again that no ticket was acknowledged for. */
    async repeatInDoubt(): Promise<void> {
      for (const ticket of tickets) if (ticket.id === 0) await postTicket(ticket)
    },
    async stop(): Promise<void> {
      stopping = true
      await working
    },
  }
}

export type Load = ReturnType<typeof startLoad>

function never(): never {
  throw new Error('there are agents')
}
