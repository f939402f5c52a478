import { expect } from 'vitest'
import type { Agent } from '../../server/helpdesk/helpdesk.ts'
import { EVERYTHING, peopleIn } from '../support/people.ts'
import type { Attached, Process } from './attached.ts'
import type { Host } from './host.ts'

export const PEOPLE = 4
/** Lines of history that may come before a late one is committed. */
const LATEST_LINES = 180

export type Column = 'phone' | 'phone2' | 'mobile' | 'registration_number' | 'name'
export type Kind = 'custom_table' | 'name' | 'registration_number' | 'phone'
export type State = 'bin' | 'restore' | 'off' | 'on'

export interface Change {
  column: Column
  key: number
  /** When the request began, in seconds from now. */
  when: number
}

/** What stands in a living row. */
interface Person {
  id: number
  columns: Partial<Record<Column, number>>
  rio: number | undefined
  binned: boolean
  active: boolean
  /** Nothing that is done to somebody who is gone does anything. */
  purged: boolean
}

export type World = Awaited<ReturnType<typeof createWorld>>

/**
 * Some people of a host, and beside them what stands in their rows by now. `late` is a second connection, whose changes
 * of one more person are committed later. The rule of `look`: nobody is found who has not the key now, and everybody is
 * who has it and whose change is told in the history.
 */
export async function createWorld(
  { host, storage }: Attached,
  late: Host,
  processes: readonly Process[],
  run: number,
) {
  const agent: Agent = await peopleIn(storage).agent('all', EVERYTHING)
  const people: Person[] = []
  for (let index = 0; index <= PEOPLE; index++) {
    // Each of a source of their own, so that two may have one login.
    const id = await host.request(-7200).add({ name: `nobody-${run}-${index}`, auths_id: index })
    people.push({ id, columns: {}, rio: undefined, binned: false, active: true, purged: false })
  }
  const [zoe] = people.slice(-1)
  if (zoe === undefined) throw new Error('there are people')
  let untold: { person: Person; tell: () => Promise<void> }[] = []
  /** What zoe's row will hold, while her change is not committed. */
  let uncommitted: Person['columns'] | undefined
  let lines = 0

  // Values of this run alone, each column's in its own spelling.
  const number = (key: number) => String(run * 10 + key).padStart(8, '0')
  function stored(column: Column, key: number): string {
    if (column === 'name') return `login-${run}-${key}`
    return column === 'registration_number' ? `7${number(key)}` : `01 ${number(key)}`
  }
  function asked(kind: Kind, key: number): string {
    if (kind === 'custom_table') return `5${number(key)}`
    return kind === 'phone' ? `+331${number(key)}` : stored(kind, key)
  }
  function holds({ columns, rio }: Person, kind: Kind, key: number): boolean {
    if (kind === 'custom_table') return rio === key
    if (kind !== 'phone') return columns[kind] === key
    return [columns.phone, columns.phone2, columns.mobile].includes(key)
  }
  const isUsable = ({ binned, active, purged }: Person) => active && !binned && !purged
  const at = (index: number): Person => people[index] ?? zoe

  async function commit(): Promise<void> {
    if (uncommitted === undefined) return
    await late.query('commit')
    Object.assign(zoe?.columns ?? {}, uncommitted)
    uncommitted = undefined
  }

  async function tell(): Promise<void> {
    const [first, ...others] = untold
    untold = others
    await first?.tell()
  }

  async function look(one: Process, kind: Kind, key: number): Promise<void> {
    const holders = people.filter((person) => isUsable(person) && holds(person, kind, key))
    const told = holders.filter((person) => untold.every((change) => change.person !== person))
    const { [kind]: ids = [] } = await one.who(agent, { [kind]: asked(kind, key) })
    const problem = {
      wrong: ids.filter((id) => holders.every((person) => person.id !== id)),
      missing: told.map(({ id }) => id).filter((id) => !ids.includes(id)),
    }
    expect(problem, `${kind} ${key}`).toEqual({ wrong: [], missing: [] })
  }

  return {
    async change(index: number, { column, key, when }: Change): Promise<void> {
      const person = at(index)
      await host.request(when).change(person.id, { [column]: stored(column, key) })
      person.columns[column] = key
      lines++
    },
    /** The row alone; {@link tell} writes the history of what was begun first. */
    async begin(index: number, { column, key, when }: Change): Promise<void> {
      const person = at(index)
      const request = host.request(when)
      await request.updateRow(person.id, { [column]: stored(column, key) })
      person.columns[column] = key
      lines++
      untold.push({ person, tell: () => request.addHistory(person.id, { [column]: stored(column, key) }) })
    },
    tell,
    async changeLate({ column, key, when }: Change): Promise<void> {
      if (uncommitted === undefined) {
        await late.query('start transaction')
        lines = 0
      }
      await late.request(when).change(zoe.id, { [column]: stored(column, key) })
      uncommitted = { ...uncommitted, [column]: key }
    },
    commit,
    async setRio(index: number, key: number): Promise<void> {
      await host.request().setRio(at(index).id, asked('custom_table', key))
      at(index).rio = key
    },
    async setState(index: number, state: State, when: number): Promise<void> {
      const person = at(index)
      const request = host.request(when)
      lines++
      if (state === 'bin') await request.bin(person.id)
      else if (state === 'restore') await request.restore(person.id)
      else await request.change(person.id, { is_active: state === 'on' ? 1 : 0 })
      if (state === 'bin' || state === 'restore') person.binned = state === 'bin'
      else person.active = state === 'on'
    },
    async purge(index: number, when: number): Promise<void> {
      const person = at(index)
      await host.request(when).purge(person.id)
      untold = untold.filter((change) => change.person !== person)
      Object.assign(person, { columns: {}, rio: undefined, purged: true })
    },
    async changeTicket(times: number): Promise<void> {
      if (uncommitted !== undefined && lines + times > LATEST_LINES) return
      await host.request().changeTicket(times)
      lines += times
    },
    async look(process: number, kind: Kind, key: number): Promise<void> {
      const one = processes[process]
      if (one !== undefined) await look(one, kind, key)
    },
    /** Lets all that was begun come to its end, and looks at everything. */
    async end(): Promise<void> {
      await commit()
      while (untold.length > 0) await tell()
      for (const one of processes) {
        for (const kind of ['custom_table', 'name', 'registration_number', 'phone'] as const) {
          for (const key of [0, 1, 2, 3]) await look(one, kind, key)
        }
      }
    },
  }
}
