import type { Kysely } from 'kysely'
import type { MethodChangeDetails } from '../../contract/jobs.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { demandRight, missingForConfig, missingForUserWrite, UPDATE } from '../domain/rights.ts'
import type { Agent, Starter } from '../helpdesk/helpdesk.ts'
import { changesSince, first } from '../identifiers/catch-up.ts'
import { lockPosition, type Place, placeNow, selectPosition } from '../identifiers/position.ts'
import { readKeyRules } from '../identifiers/refresh.ts'
import {
  createMethodChange,
  METHOD_CHANGE_PROBLEMS,
  type MethodChangeContext,
  type MethodChangeOutcome,
  type MethodChangeProblem,
  type MethodChangeReason,
} from '../rios/method-change.ts'
import { createMethodSwitch } from '../rios/switch-method.ts'
import { logOverlap } from '../storage/dialect.ts'
import type { Engine } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { indexBuilt } from './import.ts'
import type { Chunk, JobTools, Outcome } from './kinds.ts'
import type { JobRow } from './lease.ts'
import { starterNow } from './starter.ts'
import { addUndoLines, lastWritten } from './undo-file.ts'

/** What a change of the storage method keeps of what it was asked for. */
export interface MethodChangeOptions {
  from: RioStorageMethod
  to: RioStorageMethod
  replaces: boolean
  dryRun: boolean
  /** Null for the operator of the machine. */
  starter: Starter | null
}

/**
 * Lines of history that one step reads. More than anybody writes meanwhile: the change ends with a step that leaves none.
 */
const MOST_LINES = 1000

/** Where a change goes on. */
interface Standing {
  /** The last person looked at of the walk through everybody. */
  after: number
  /** Whether that walk has ended. */
  walked: boolean
  /** How far the changes are known that others have made since the walk began. */
  followed: Place
  /** How many parts the undo file has. */
  parts: number
  details: MethodChangeDetails
  /** Whether the setting has been switched. */
  ended: boolean
}

interface Step {
  standing: Standing
  outcome: Outcome
}

/** Rights for a change of the storage method: throws `right-missing`. */
export function demandMethodChangeRights({ rights, scope }: Agent): void {
  demandRight(missingForConfig(rights))
  demandRight(missingForUserWrite(rights, UPDATE))
  // It concerns everybody, and its report names whom it cannot do.
  if (!scope.all) demandRight('where RIOs are kept concerns every entity, and you do not see them all')
}

/**
 * The chunks of a change of the storage method. First everybody is walked through by id. RIOs go on being written to the
 * old place meanwhile, to people that the walk has left behind; so then those are looked at again who have changed since it
 * began, as long as there are any. As soon as one chunk holds all that is left, its transaction also switches the setting:
 * it keeps the settings' rows from the beginning, for which whoever writes a RIO asks, so nothing comes in between.
 */
export async function* methodChangeChunks(
  job: JobRow,
  tools: JobTools,
  size: () => number,
): AsyncGenerator<Chunk> {
  const { storage, settings, helpdesk } = tools
  const { entityTree, decodeText } = helpdesk
  const options: MethodChangeOptions = JSON.parse(job.options)
  await indexBuilt(tools)
  const { walk, follow } = createSteps(job.id, tools, options)
  let standing: Standing | null = job.position === null ? null : JSON.parse(job.position)
  while (standing === null || !(standing.ended || (options.dryRun && standing.walked))) {
    const [agent, rules] = await Promise.all([
      starterNow(tools, options.starter),
      readKeyRules({ storage, settings, entityTree, decodeText }),
    ])
    demandMethodChangeRights(agent)
    const limit = size()
    const before: Standing | null = standing
    let made: Step | undefined
    yield async (tx) => {
      // Before anything is read, so that the index is seen as other processes have left it.
      if (!options.dryRun) await lockPosition(tx)
      const from = before ?? (await beginning(tx, storage.engine))
      made = await (from.walked ? follow : walk)(tx, from, limit, { agent, rules })
      return { ...made.outcome, position: made.standing }
    }
    if (made === undefined) return
    standing = made.standing
    if (standing.ended) settings.forget()
  }
}

async function beginning(tx: Kysely<Tables>, engine: Engine): Promise<Standing> {
  const now = await selectPosition(tx, engine).executeTakeFirstOrThrow()
  return {
    after: 0,
    walked: false,
    followed: placeNow(now),
    parts: 0,
    details: { copied: 0, same: 0, empty: 0, logins: 0, problems: {} },
    ended: false,
  }
}

function createSteps(
  jobsId: number,
  { storage, helpdesk }: JobTools,
  { from, to, replaces, dryRun }: MethodChangeOptions,
) {
  const change = createMethodChange({ storage, helpdesk })
  const method = createMethodSwitch({ storage, helpdesk })

  async function keepUndo(
    tx: Kysely<Tables>,
    parts: number,
    { undo }: MethodChangeOutcome,
  ): Promise<{ parts: number }> {
    return { parts: dryRun ? parts : await addUndoLines(tx, jobsId, parts, undo) }
  }

  /** The next people by id. */
  async function walk(
    tx: Kysely<Tables>,
    standing: Standing,
    limit: number,
    context: MethodChangeContext,
  ): Promise<Step> {
    const chunk = { from, to, replaces, after: standing.after, limit }
    const outcome = await change[dryRun ? 'previewChunk' : 'copyChunk'](tx, chunk, context)
    // Last, since MariaDB would show the copying what was there when this was read.
    await method.look(tx, from)
    const { copied, same, empty, logins, problems } = standing.details
    const details = {
      copied: copied + outcome.copied,
      same: same + outcome.same,
      empty: empty + outcome.empty,
      logins: to === 'name' ? logins + outcome.copied : 0,
      problems: { ...problems },
    }
    for (const { reason } of outcome.problems) add(details.problems, reason, 1)
    return {
      standing: {
        ...standing,
        ...(await keepUndo(tx, standing.parts, outcome)),
        after: outcome.last ?? standing.after,
        walked: outcome.examined < limit,
        details,
      },
      outcome: {
        done: outcome.examined,
        created: 0,
        changed: outcome.copied,
        refused: refusedOf(outcome.problems),
      },
    }
  }

  /** People who have been changed since the walk began; the switch, where these are all. */
  async function follow(
    tx: Kysely<Tables>,
    standing: Standing,
    limit: number,
    context: MethodChangeContext,
  ): Promise<Step> {
    await method.hold(tx, from)
    await lockPosition(tx)
    const { ids, followed, more } = await changedSince(tx, standing.followed, limit)
    const ours = (usersIds: number[]) => lastWritten(tx, jobsId, standing.parts, usersIds)
    const chunk = { from, to, replaces, after: 0, limit: ids.length, ids }
    const outcome = await change.copyChunk(tx, chunk, { ...context, written: ours })
    const { details, counts, after } = await recount(tx, standing, ids, outcome, ours)
    if (!more) await method.to(tx, context.agent, { from, to })
    return {
      standing: {
        ...standing,
        ...(await keepUndo(tx, standing.parts, outcome)),
        after,
        followed,
        details,
        ended: !more,
      },
      outcome: { created: 0, ...counts, refused: refusedOf(outcome.problems) },
    }
  }

  /** As the index follows the helpdesk: by the history, and by dates for what leaves none. */
  async function changedSince(
    tx: Kysely<Tables>,
    position: Place,
    limit: number,
  ): Promise<{ ids: number[]; followed: Place; more: boolean }> {
    const overlap = logOverlap[storage.engine]
    const now = placeNow(await selectPosition(tx, storage.engine).executeTakeFirstOrThrow())
    const lines = await tx
      .selectFrom('glpi_logs')
      .select(['id', 'items_id'])
      .where('id', '>', position.logs_id - overlap)
      .where('itemtype', '=', 'User')
      .orderBy('id')
      .limit(MOST_LINES + overlap)
      .execute()
    const logs = ofSomePeople(lines, limit + overlap)
    const changes = changesSince(tx, position)
    const users = await first(limit, changes.users)
    const rios = await first(limit, changes.rios)
    const isAll = logs.length === lines.length && lines.length < MOST_LINES + overlap
    const lastLog = isAll ? undefined : logs.at(-1)
    const lastUser = users.length === limit ? users.at(-1) : undefined
    const lastRio = rios.length === limit ? rios.at(-1) : undefined
    const ids = new Set([
      ...logs.map((log) => log.items_id),
      ...users.map(({ id }) => id),
      ...rios.map((rio) => rio.users_id),
    ])
    return {
      ids: [...ids],
      followed: {
        logs_id: lastLog?.id ?? now.logs_id,
        users_date: lastUser?.date_mod ?? now.users_date,
        users_id: lastUser?.id ?? now.users_id,
        rios_date: lastRio?.date_mod ?? now.rios_date,
        rios_id: lastRio?.id ?? now.rios_id,
      },
      more: lastLog !== undefined || lastUser !== undefined || lastRio !== undefined,
    }
  }

  /** Counts people who are looked at again as what they have become. */
  async function recount(
    tx: Kysely<Tables>,
    { details: before, after }: Standing,
    ids: readonly number[],
    outcome: MethodChangeOutcome,
    ours: (usersIds: number[]) => Promise<Map<number, string>>,
  ): Promise<{
    details: MethodChangeDetails
    counts: Pick<Outcome, 'done' | 'changed' | 'withdrawn'>
    after: number
  }> {
    const details = { ...before, problems: { ...before.problems } }
    const refusedBefore = await withdrawLines(tx, jobsId, ids)
    const now = new Map<number, 'copied' | MethodChangeReason>([
      ...outcome.undo.map(({ usersId }) => [usersId, 'copied'] as const),
      ...outcome.problems.map(({ usersId, reason }) => [usersId, reason] as const),
    ])
    const copiedBefore = await ours([...now.keys()])
    const newcomers = await tx
      .selectFrom('glpi_users')
      .select('id')
      .where('id', 'in', ids.length === 0 ? [-1] : ids)
      .where('id', '>', after)
      .orderBy('id')
      .execute()
    // They count as people without a RIO first, as anybody does who has got one only now.
    details.empty += newcomers.length
    for (const [usersId, reason] of refusedBefore) {
      add(details.problems, reason, -1)
      if (now.has(usersId)) details.empty++
      else details.same++
    }
    for (const [usersId, what] of now) {
      if (copiedBefore.has(usersId) && !refusedBefore.has(usersId)) details.copied--
      else if (details.empty > 0) details.empty--
      else details.same--
      if (what === 'copied') details.copied++
      else add(details.problems, what, 1)
    }
    if (to === 'name') details.logins = details.copied
    return {
      details,
      counts: {
        done: newcomers.length,
        changed: details.copied - before.copied,
        withdrawn: refusedBefore.size,
      },
      after: newcomers.at(-1)?.id ?? after,
    }
  }

  return { walk, follow }
}

/** The first lines of history, of so many people at most: what a step costs is people, and lines of few may be many. */
function ofSomePeople<Line extends { items_id: number }>(lines: readonly Line[], most: number): Line[] {
  const people = new Set<number>()
  const beyond = lines.findIndex(({ items_id: id }) => people.add(id).size > most)
  return beyond === -1 ? [...lines] : lines.slice(0, beyond)
}

function add(counts: Record<string, number>, reason: string, more: number): void {
  const count = (counts[reason] ?? 0) + more
  if (count > 0) counts[reason] = count
  else delete counts[reason]
}

const REASONS = new Map<string, MethodChangeReason>(
  (Object.keys(METHOD_CHANGE_PROBLEMS) as MethodChangeReason[]).map((reason) => [
    METHOD_CHANGE_PROBLEMS[reason],
    reason,
  ]),
)

/** Lines of the report: `line` is the person's id, `column` the place that could not be written. */
export function refusedOf(problems: readonly MethodChangeProblem[]): Outcome['refused'] {
  return problems.map(({ usersId, field, reason }) => ({
    line: usersId,
    problems: [{ column: field, reason: METHOD_CHANGE_PROBLEMS[reason] }],
  }))
}

/** Takes the report's lines on these people back; answers whom they were on, and why. */
export async function withdrawLines(
  tx: Kysely<Tables>,
  jobsId: number,
  usersIds: readonly number[],
): Promise<Map<number, MethodChangeReason>> {
  const found = new Map<number, MethodChangeReason>()
  if (usersIds.length === 0) return found
  const rows = await tx
    .selectFrom('glpi_plugin_callmanager_job_lines')
    .select(['line', 'reason'])
    .where('jobs_id', '=', jobsId)
    .where('line', 'in', usersIds)
    .execute()
  for (const { line, reason } of rows) found.set(line, REASONS.get(reason) ?? 'changed_meanwhile')
  if (found.size > 0) {
    await tx
      .deleteFrom('glpi_plugin_callmanager_job_lines')
      .where('jobs_id', '=', jobsId)
      .where('line', 'in', [...found.keys()])
      .execute()
  }
  return found
}
