import { type Kysely, sql } from 'kysely'
import type { ImportMatch, ImportQuery } from '../../contract/imports.ts'
import { AppError, ERRORS } from '../domain/errors.ts'
import { type ImportColumn, readHeader } from '../domain/import-columns.ts'
import { type ImportLine, readLine } from '../domain/import-line.ts'
import { createKeySet } from '../domain/key-set.ts'
import { CREATE, demandRight, missingForConfig, missingForUserWrite, UPDATE } from '../domain/rights.ts'
import type { Agent, BulkChange, Helpdesk, Starter } from '../helpdesk/helpdesk.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { isBuilt, selectPosition } from '../identifiers/position.ts'
import { readKeyRules } from '../identifiers/refresh.ts'
import { writeFollowed } from '../identifiers/write-followed.ts'
import { storedRioProblem } from '../rios/stored-rio.ts'
import { sharingEnd } from '../storage/dialect.ts'
import { readSettings } from '../storage/settings.ts'
import type { Tables } from '../storage/tables.ts'
import { demandImportHere } from './beside-a-host.ts'
import { readParts } from './files.ts'
import { findPeople, holdersOf, takenLogins } from './import-matches.ts'
import { createPlaces } from './import-places.ts'
import { claimsOf, type ImportRules, type Plan, planLine } from './import-plan.ts'
import { createKeptRios, type KeptRioChange } from './import-rios.ts'
import { type CsvForm, readRecords } from './import-source.ts'
import type { Chunk, JobTools, Outcome } from './kinds.ts'
import type { JobRow } from './lease.ts'
import { starterNow } from './starter.ts'

/** What an import keeps of what it was asked for. */
export interface ImportOptions extends CsvForm {
  mode: NonNullable<ImportQuery['mode']>
  match: ImportMatch
  entityId: number
  dryRun: boolean
  clearEmpty: boolean
  changeLogins: boolean
  /** Null for the operator of the machine. */
  starter: Starter | null
}

/** Rights for importing: throws `right-missing`. */
export function demandImportRights({ rights }: Agent, mode: ImportOptions['mode']): void {
  demandRight(missingForConfig(rights))
  demandRight(missingForUserWrite(rights, UPDATE))
  if (mode === 'people') demandRight(missingForUserWrite(rights, CREATE))
}

const WAIT_MS = 1000
/** Columns that a note names, and how much of each name. */
const NAMED = 10
const NAME_LENGTH = 60

/** The chunks of an import, from where it stands on. */
export async function* importChunks(
  job: JobRow,
  tools: JobTools,
  size: () => number,
  note: (sentence: string) => void,
): AsyncGenerator<Chunk> {
  const options: ImportOptions = JSON.parse(job.options)
  await indexBuilt(tools)
  const records = readRecords(readParts(tools.storage, job.id, 'source'), options)
  const { value: first } = await records.next()
  const header = readHeader(first?.cells ?? [])
  if (header.ignored.length > 0) note(`Columns that are not known were ignored: ${someOf(header.ignored)}.`)

  const write = createChunkWriter(tools, options, header)
  const seen = createKeySet()
  let lines: ImportLine[] = []
  let position = 0
  let rules = await write.rules()
  for await (const { cells, line: number } of records) {
    const line = readLine(cells, number, header, options)
    for (const [column, claim] of claimsOf(line, rules)) {
      if (line.key === '' || seen.add(claim)) continue
      const name = header.names.get(column) ?? column
      line.problems.push({ column: name, reason: 'an earlier line of the file has the same' })
    }
    // What an earlier process did is only remembered.
    if (++position <= job.done) continue
    lines.push(line)
    if (lines.length < size()) continue
    yield await write.chunk(lines)
    lines = []
    rules = await write.rules()
  }
  if (lines.length > 0) yield await write.chunk(lines)
}

/** Enough names for a person to recognise; a header row may hold thousands, or a whole text. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => [...name].slice(0, NAME_LENGTH).join(''))
  const others = names.length - shown.length
  return others === 0 ? shown.join(', ') : `${shown.join(', ')} and ${others} more`
}

/** Registration numbers and RIOs are looked up in the index, which has to be whole for that. */
export async function indexBuilt({ storage, settings, helpdesk, owner }: JobTools): Promise<void> {
  const { entityTree, decodeText } = helpdesk
  for (;;) {
    const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
    if (isBuilt(position)) return
    const done = await bringUpToDate({ storage, settings, entityTree, decodeText }, undefined, owner)
    // Another process is at it.
    if (!done) await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
}

function createChunkWriter(
  { storage, settings, helpdesk }: JobTools,
  options: ImportOptions,
  header: ImportRules['header'],
) {
  const { decodeText, entityTree } = helpdesk
  const placesOf = createPlaces(storage, decodeText)
  const writeKeptRios = createKeptRios(storage, helpdesk.encodeText)
  const { mode, match, entityId, changeLogins } = options

  async function currentRules(): Promise<ImportRules> {
    const stored = await settings.read()
    const { rio_storage_method: method } = stored
    const sharedRios = stored.shared_rios === 'allowed'
    return { mode, match, method, sharedRios, changeLogins, entityId, header }
  }

  /** Whoever began it, as of now: rights that were withdrawn meanwhile end the import. */
  async function currentAgent(): Promise<Agent> {
    const agent = await starterNow({ storage, helpdesk }, options.starter)
    demandImportRights(agent, mode)
    if (!agent.scope.all && !agent.scope.entities.has(entityId) && mode === 'people') {
      throw new AppError('value-refused', {
        field: 'entityId',
        detail: 'the entity of new people lies outside of your entities',
      })
    }
    return agent
  }

  return {
    rules: currentRules,

    /** The work of some lines. What is not read in the transaction is read before it. */
    async chunk(lines: readonly ImportLine[]): Promise<Chunk> {
      const [planned, agent, keyRules] = await Promise.all([
        currentRules(),
        currentAgent(),
        readKeyRules({ storage, settings, entityTree, decodeText }),
      ])
      const places = await placesOf(agent.scope, await entityTree())
      const good = lines.filter(({ problems }) => problems.length === 0)

      async function plan(tx: Kysely<Tables>): Promise<Plan[]> {
        // Where RIOs are kept is not to change between the planning and the commit.
        const { rio_storage_method: method } = await readSettings(tx, sharingEnd(storage.engine))
        demandImportHere(helpdesk, mode, method)
        const rules = { ...planned, method }
        const column = (name: ImportColumn): string[] => good.flatMap(({ values }) => values[name] ?? [])
        const people = await findPeople(tx, storage.engine, match, column(match), keyRules.decode)
        const present = {
          agent,
          places,
          people,
          logins: await takenLogins(tx, storage.engine, loginsToAsk(column, rules)),
          holders: rules.sharedRios ? new Map() : await holdersOf(tx, rules.method, column('rio')),
        }
        if (match === 'login') for (const key of people.keys()) present.logins.add(key)
        return good.map((line) => planLine(line, rules, present))
      }

      return async (tx) => {
        const outcome = emptyOutcome(lines)
        const work = async () => ({ usersIds: await carryOut(tx, await plan(tx), outcome, agent) })
        if (options.dryRun) await undone(tx, work)
        else await writeFollowed(storage, tx, keyRules, work)
        return outcome
      }
    },
  }

  /** Writes what the lines come to; answers whom it touched. */
  async function carryOut(
    tx: Kysely<Tables>,
    plans: readonly Plan[],
    outcome: Outcome,
    agent: Agent,
  ): Promise<number[]> {
    const creations = plans.filter((plan) => plan.kind === 'create')
    const ids =
      creations.length === 0
        ? []
        : await demandBulk(helpdesk).bulk.create(
            tx,
            creations.map(({ user }) => user),
            agent.name,
          )
    const made = ids.values()
    const written: BulkChange[] = []
    const kept: KeptRioChange[] = []
    const touched: number[] = []
    for (const plan of plans) {
      const id =
        plan.kind === 'create' ? made.next().value : plan.kind === 'change' ? plan.usersId : undefined
      const problems =
        id === null
          ? [LOGIN_TAKEN]
          : plan.kind === 'change'
            ? await guardedProblems(tx, helpdesk, agent, plan)
            : []
      const unstorable = 'kept' in plan ? storedRioProblem(plan.kept?.to ?? '', helpdesk) : null
      if (unstorable !== null) problems.push({ field: 'rio', reason: unstorable })
      if (problems.length > 0) {
        refuse(outcome, plan.line, problems)
        continue
      }
      count(plan, outcome)
      if (typeof id !== 'number') continue
      touched.push(id)
      if (plan.kind === 'change' && plan.bulk !== undefined) written.push(plan.bulk)
      if ('kept' in plan && plan.kept !== undefined) {
        kept.push({ usersId: id, ...plan.kept, isNew: plan.kind === 'create' })
      }
    }
    if (written.length > 0) await demandBulk(helpdesk).bulk.change(tx, written, agent.name)
    await writeKeptRios(tx, kept, agent.name)
    return touched
  }

  function refuse(outcome: Outcome, line: number, problems: readonly FieldProblem[]): void {
    outcome.refused.push({
      line,
      problems: problems.map(({ field, reason }) => ({
        column: field === undefined ? '' : (header.names.get(field) ?? field),
        reason,
      })),
    })
  }
}

interface FieldProblem {
  field: ImportColumn | undefined
  reason: string
}

const LOGIN_TAKEN: FieldProblem = { field: 'login', reason: 'the login is in use' }

/** The columns whose fields the helpdesk names otherwise. */
const COLUMNS: Partial<Record<string, ImportColumn>> = {
  login: 'login',
  emails: 'email',
  enabled: 'active',
  lastname: 'lastname',
  firstname: 'firstname',
  phone: 'phone',
  phone2: 'phone2',
  mobile: 'mobile',
  registrationNumber: 'registrationNumber',
}

/** Writes what only the helpdesk's own rules can allow; answers what stands in the way. */
async function guardedProblems(
  tx: Kysely<Tables>,
  helpdesk: Helpdesk,
  agent: Agent,
  { usersId, guarded }: Extract<Plan, { kind: 'change' }>,
): Promise<FieldProblem[]> {
  if (guarded === undefined) return []
  try {
    await demandBulk(helpdesk).within(tx).update(agent, usersId, guarded)
    return []
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500 || error.code === 'done-by-host') throw error
    return [{ field: COLUMNS[error.field ?? ''], reason: error.detail ?? ERRORS[error.code].title }]
  }
}

/** Does the work and takes it back, so that a dry run tells what the real one would. */
async function undone(tx: Kysely<Tables>, work: () => Promise<unknown>): Promise<void> {
  await sql`savepoint dry_run`.execute(tx)
  await work()
  await sql`rollback to savepoint dry_run`.execute(tx)
}

/** Logins that a line may take from somebody; where people are recognised by them, those were found already. */
function loginsToAsk(
  column: (name: ImportColumn) => string[],
  { mode, match, method }: ImportRules,
): string[] {
  const rios = method === 'name' ? column('rio') : []
  return mode === 'people' && match !== 'login' ? [...rios, ...column('login')] : rios
}

/** RIOs of our own table are written beside any helpdesk; everything else of an import is the helpdesk's. */
function demandBulk({ bulk, users: { within } }: Helpdesk) {
  if (bulk === undefined || within === undefined) throw new AppError('done-by-host')
  return { bulk, within }
}

/** With the lines that are refused for what they say. */
function emptyOutcome(lines: readonly ImportLine[]): Outcome {
  return {
    done: lines.length,
    created: 0,
    changed: 0,
    refused: lines.flatMap(({ line, problems }) => (problems.length === 0 ? [] : [{ line, problems }])),
  }
}

function count(plan: Plan, outcome: Outcome): void {
  if (plan.kind === 'create') outcome.created++
  else if (plan.kind === 'change') outcome.changed++
  else if (plan.kind === 'refused') outcome.refused.push({ line: plan.line, problems: plan.problems })
}
