import type { RioStorageMethod } from '../../contract/settings.ts'
import type { Starter } from '../helpdesk/helpdesk.ts'
import { lockPosition } from '../identifiers/position.ts'
import { readKeyRules } from '../identifiers/refresh.ts'
import { createMethodChange } from '../rios/method-change.ts'
import { createMethodSwitch } from '../rios/switch-method.ts'
import { indexBuilt } from './import.ts'
import type { Chunk, JobTools } from './kinds.ts'
import type { JobRow } from './lease.ts'
import { demandMethodChangeRights, refusedOf, withdrawLines } from './method-change.ts'
import { starterNow } from './starter.ts'
import { countUndoParts, readUndoPart } from './undo-file.ts'

/** What is taken back: the change that job made. */
export interface MethodUndoOptions {
  job: number
  from: RioStorageMethod
  to: RioStorageMethod
  /** Null for the operator of the machine. */
  starter: Starter | null
}

interface Standing {
  /** The part of the undo file that was put back last; they are put back from the last to the first. */
  part: number
}

/**
 * The chunks that take a change of the storage method back. The old place holds what it held, so it is looked up there again
 * first; then what was copied is taken out of the new one. Who was copied twice is put back step by step.
 */
export async function* methodUndoChunks(job: JobRow, tools: JobTools): AsyncGenerator<Chunk> {
  const { storage, settings, helpdesk } = tools
  const { entityTree, decodeText } = helpdesk
  const { job: changeId, from, to, starter }: MethodUndoOptions = JSON.parse(job.options)
  await indexBuilt(tools)
  const change = createMethodChange({ storage, helpdesk })
  const method = createMethodSwitch({ storage, helpdesk })
  const standing: Standing | null = job.position === null ? null : JSON.parse(job.position)
  const context = async () => {
    const [agent, rules] = await Promise.all([
      starterNow(tools, starter),
      readKeyRules({ storage, settings, entityTree, decodeText }),
    ])
    demandMethodChangeRights(agent)
    return { agent, rules }
  }
  const parts = standing?.part ?? (await countUndoParts(storage.db, changeId))
  if (standing === null) {
    const { agent } = await context()
    yield async (tx) => {
      if ((await method.hold(tx, from, to)) === to) await method.to(tx, agent, { from: to, to: from })
      return { done: 0, created: 0, changed: 0, refused: [], position: { part: parts } }
    }
    settings.forget()
  }
  for (let part = parts - 1; part >= 0; part--) {
    const { agent, rules } = await context()
    yield async (tx) => {
      // Before anything is read, so that what is read is the state of this moment.
      await method.hold(tx, from)
      await lockPosition(tx)
      const lines = await readUndoPart(tx, changeId, part)
      const { undone, problems } = await change.undoChunk(tx, { to, lines }, { agent, rules })
      const withdrawn = await withdrawLines(
        tx,
        job.id,
        problems.map(({ usersId }) => usersId),
      )
      return {
        done: lines.length,
        created: 0,
        changed: undone,
        refused: refusedOf(problems),
        withdrawn: withdrawn.size,
        position: { part },
      }
    }
  }
}
