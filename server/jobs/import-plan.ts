import type { ImportMatch, ImportMode } from '../../contract/imports.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { isDirectoryOwned } from '../domain/accounts.ts'
import { canChangeUser } from '../domain/entities.ts'
import type { Header, ImportColumn } from '../domain/import-columns.ts'
import { type ImportLine, type LineProblem, matchKey } from '../domain/import-line.ts'
import { rioKey } from '../domain/rio.ts'
import type { Agent, BulkChange, BulkUser, UserChange } from '../helpdesk/helpdesk.ts'
import type { Person } from './import-matches.ts'
import type { Place, Places } from './import-places.ts'

/** By what lines are judged. */
export interface ImportRules {
  mode: ImportMode
  match: ImportMatch
  method: RioStorageMethod
  /** Whether several people may have one RIO. */
  sharedRios: boolean
  changeLogins: boolean
  /** Where new people belong whose line names no entity. */
  entityId: number
  header: Header
}

/** What there is, as the lines before have left it. */
export interface Present {
  agent: Agent
  places: Places
  people: ReadonlyMap<string, readonly Person[]>
  /** Logins that somebody has. */
  logins: Set<string>
  /** Who has which RIO, by key. */
  holders: Map<string, number[]>
}

/** A RIO of our own table to be written. */
interface KeptRio {
  from: string
  to: string
}

/** What a line comes to. */
export type Plan = { line: number } & (
  | { kind: 'refused'; problems: LineProblem[] }
  | { kind: 'unchanged' }
  | { kind: 'create'; user: BulkUser; kept?: KeptRio }
  | {
      kind: 'change'
      usersId: number
      /** What is written one by one, by the helpdesk's own rules; first, since it may be refused. */
      guarded?: UserChange
      bulk?: BulkChange
      kept?: KeptRio
    }
)

const TEXTS = ['lastname', 'firstname', 'phone', 'phone2', 'mobile', 'registrationNumber'] as const
const NOWHERE: Place = { id: 0, path: '' }

/** A login as it is shown to be taken by, and a RIO: nobody else of the file may claim the same. */
export function claimsOf(
  line: ImportLine,
  { match, method, sharedRios }: ImportRules,
): [ImportColumn, string][] {
  const { rio, login } = wanted(line.values, method)
  const claims: [ImportColumn, string][] = [[match, `${match} ${line.key}`]]
  const loginKey = login === undefined ? undefined : matchKey('login', login)
  if (loginKey !== undefined && !(match === 'login' && loginKey === line.key)) {
    claims.push([method === 'name' ? 'rio' : 'login', `login ${loginKey}`])
  }
  const key = rio === undefined ? null : rioKey(rio)
  if (key !== null && !sharedRios && method !== 'name') claims.push(['rio', `rio ${key}`])
  return claims
}

/** The line's columns with the RIO put where it is kept. */
function wanted(values: ImportLine['values'], method: RioStorageMethod): ImportLine['values'] {
  const { rio } = values
  if (rio === undefined || method === 'custom_table') return values
  if (method === 'registration_number') return { ...values, registrationNumber: rio }
  // A login cannot be emptied.
  return rio === '' ? values : { ...values, login: rio }
}

/** Decides what a line comes to. All that stands in its way is told at once; what it claims is entered in `present`. */
export function planLine(line: ImportLine, rules: ImportRules, present: Present): Plan {
  const problems: LineProblem[] = []
  const refuse = (column: ImportColumn, reason: string): void => {
    problems.push({ column: rules.header.names.get(column) ?? column, reason })
  }
  demandOnePlace(line, rules, refuse)
  const person = identify(line, rules, present, refuse)
  const values = wanted(person === undefined ? line.values : toChange(line.values, rules), rules.method)
  const place = {
    entity: placeOf(values.entity, present.places.entity, (reason) => refuse('entity', reason)),
    location: placeOf(values.location, present.places.location, (reason) => refuse('location', reason)),
  }
  demandLogin(values, person, rules, present, refuse)
  demandRio(line, person, rules, present, refuse)
  if (problems.length > 0) return { line: line.line, kind: 'refused', problems }
  const plan =
    person === undefined
      ? planCreate(line, values, place, rules)
      : planChange(line, values, place, person, rules, present)
  if (plan.kind !== 'unchanged') claim(values, line, person, rules, present)
  return plan
}

/** What somebody who is there shall become. The column that says who it is changes nothing, not even a letter case. */
function toChange(
  { rio, ...others }: ImportLine['values'],
  { mode, match }: ImportRules,
): ImportLine['values'] {
  const { [match]: _, ...rest } = others
  return { ...(mode === 'people' && rest), ...(rio !== undefined && { rio }) }
}

type Refuse = (column: ImportColumn, reason: string) => void

/** Where the RIO is kept in a column that the line also names, both must say the same. */
function demandOnePlace({ values }: ImportLine, { mode, match, method }: ImportRules, refuse: Refuse): void {
  const { rio } = values
  if (rio === undefined || method === 'custom_table') return
  const column = method === 'name' ? 'login' : 'registrationNumber'
  const other = values[column]
  // The column that people are recognised by says who they are, not what they shall be.
  if (other === undefined || match === column || mode === 'rios') return
  if (rioKey(other) !== rioKey(rio))
    refuse('rio', 'it is kept in another column of this line, which says otherwise')
}

/** Who is meant; undefined for somebody new. */
function identify(
  line: ImportLine,
  { mode, match }: ImportRules,
  { agent, people }: Present,
  refuse: Refuse,
): Person | undefined {
  const all = people.get(line.key) ?? []
  const within = all.filter(
    ({ isDeleted, memberships }) => !isDeleted && canChangeUser(agent.scope, memberships),
  )
  if (within.length > 1) refuse(match, 'several people have it')
  else if (within.length === 0) {
    if (all.some(({ isDeleted, memberships }) => isDeleted && canChangeUser(agent.scope, memberships))) {
      refuse(match, 'whoever has it is in the bin')
    } else if (mode === 'rios') refuse(match, 'nobody within your entities has it')
  }
  return within[0]
}

function placeOf(
  name: string | undefined,
  find: (name: string) => Place | string,
  refuse: (reason: string) => void,
): Place | undefined {
  if (name === undefined) return undefined
  if (name === '') return NOWHERE
  const found = find(name)
  if (typeof found !== 'string') return found
  refuse(found)
  return undefined
}

function demandLogin(
  { login }: ImportLine['values'],
  person: Person | undefined,
  { mode, method, changeLogins, header }: ImportRules,
  { logins }: Present,
  refuse: Refuse,
): void {
  const column = method === 'name' && header.positions.has('rio') ? 'rio' : 'login'
  if (login === undefined) {
    if (person === undefined && mode === 'people') refuse('login', 'somebody new needs a login')
    return
  }
  if (person !== undefined && person.texts.login === login) return
  if (person === undefined && mode === 'rios') return
  if (person === undefined) {
    if (logins.has(matchKey('login', login))) refuse(column, 'the login is in use')
    return
  }
  if (!changeLogins) refuse(column, 'it would change the login, which this import may not')
  else if (isDirectoryOwned(person.authtype)) refuse(column, 'a directory owns the account and its login')
  else if (isOthers(login, person, logins)) refuse(column, 'the login is in use')
}

function isOthers(login: string, person: Person, logins: ReadonlySet<string>): boolean {
  const key = matchKey('login', login)
  return key !== matchKey('login', person.texts.login) && logins.has(key)
}

function demandRio(
  { values: { rio } }: ImportLine,
  person: Person | undefined,
  { method, sharedRios }: ImportRules,
  { holders }: Present,
  refuse: Refuse,
): void {
  if (rio === undefined || rio === storedRio(person, method)) return
  if (method === 'registration_number' && person !== undefined && isDirectoryOwned(person.authtype)) {
    refuse('rio', 'a directory owns the account and its registration number')
  }
  const key = rioKey(rio)
  if (sharedRios || key === null) return
  if (holders.get(key)?.some((id) => id !== person?.id)) refuse('rio', 'somebody else has this RIO')
}

function storedRio(person: Person | undefined, method: RioStorageMethod): string | undefined {
  if (method === 'custom_table') return person?.kept
  return method === 'name' ? person?.texts.login : person?.texts.registrationNumber
}

interface LinePlaces {
  entity: Place | undefined
  location: Place | undefined
}

function planCreate(
  { line, values: { rio } }: ImportLine,
  values: ImportLine['values'],
  { entity, location }: LinePlaces,
  { method, entityId }: ImportRules,
): Plan {
  const texts = Object.fromEntries(TEXTS.flatMap((field) => (values[field] ? [[field, values[field]]] : [])))
  const user: BulkUser = {
    ...texts,
    login: values.login ?? '',
    ...(values.email && { email: values.email }),
    entityId: entity?.id ?? entityId,
    locationId: location?.id ?? 0,
    enabled: values.active !== '0',
  }
  const kept = method === 'custom_table' && rio ? { from: '', to: rio } : undefined
  return { line, kind: 'create', user, ...(kept && { kept }) }
}

function planChange(
  { line, values: { rio } }: ImportLine,
  values: ImportLine['values'],
  places: LinePlaces,
  person: Person,
  { method }: ImportRules,
  present: Present,
): Plan {
  const texts = TEXTS.flatMap((field) => {
    const [from, to] = [person.texts[field], values[field]]
    return to === undefined || to === from ? [] : [{ field, from, to }]
  })
  const owned = isDirectoryOwned(person.authtype)
  const guarded: UserChange = {
    ...powerful(values, person),
    ...(owned && Object.fromEntries(texts.map(({ field, to }) => [field, to]))),
  }
  const bulk: BulkChange = {
    usersId: person.id,
    texts: owned ? [] : texts,
    ...moved(places, person, present),
  }
  const plan = {
    ...(Object.keys(guarded).length > 0 && { guarded }),
    ...((bulk.texts.length > 0 || bulk.entity || bulk.location) && { bulk }),
    ...(method === 'custom_table' &&
      rio !== undefined &&
      rio !== person.kept && { kept: { from: person.kept, to: rio } }),
  }
  if (Object.keys(plan).length === 0) return { line, kind: 'unchanged' }
  return { line, kind: 'change', usersId: person.id, ...plan }
}

/** What could lock somebody out, or make them somebody else's. */
function powerful({ login, email, active }: ImportLine['values'], person: Person): UserChange {
  const [shown = '', ...others] = person.emails
  return {
    ...(login !== undefined && login !== person.texts.login && { login }),
    ...(email !== undefined && email !== shown && { emails: withFirst(email, others) }),
    ...(active !== undefined && (active === '1') !== person.active && { enabled: active === '1' }),
  }
}

/** The addresses with another first one: one that is there already, or one in place of the first. */
function withFirst(email: string, others: readonly string[]): string[] {
  const rest = others.filter((one) => one.toLowerCase() !== email.toLowerCase())
  return email === '' ? rest : [email, ...rest]
}

function moved(
  { entity, location }: LinePlaces,
  person: Person,
  { agent: { scope }, places }: Present,
): Pick<BulkChange, 'entity' | 'location'> {
  const from = { id: person.entityId, path: places.pathOf(person.entityId) }
  // A membership that lies out of reach stays.
  const moves = scope.all || scope.entities.has(person.entityId)
  return {
    ...(entity !== undefined && entity.id !== person.entityId && { entity: { from, to: entity, moves } }),
    ...(location !== undefined &&
      location.id !== person.locationId && {
        location: { from: places.locationOf(person.locationId), to: location },
      }),
  }
}

/** Those who follow find what this line takes and gives back, whether or not they are written together with it. */
function claim(
  { login }: ImportLine['values'],
  { values: { rio } }: ImportLine,
  person: Person | undefined,
  { method }: ImportRules,
  { logins, holders }: Present,
): void {
  if (login !== undefined) {
    if (person !== undefined) logins.delete(matchKey('login', person.texts.login))
    logins.add(matchKey('login', login))
  }
  if (rio === undefined) return
  const id = person?.id ?? 0
  const before = rioKey(storedRio(person, method) ?? '')
  if (before !== null)
    holders.set(
      before,
      (holders.get(before) ?? []).filter((one) => one !== id),
    )
  const key = rioKey(rio)
  if (key !== null) holders.set(key, [...(holders.get(key) ?? []), id])
}
