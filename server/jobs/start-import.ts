import type { ImportQuery } from '../../contract/imports.ts'
import { AppError } from '../domain/errors.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import type { Storage } from '../storage/storage.ts'
import { demandImportRights, type ImportOptions } from './import.ts'
import { type Head, readHead } from './import-head.ts'
import { receiveFile } from './receive.ts'
import { starterOf } from './starter.ts'

/**
 * Keeps a file and makes it an import that waits to be done; answers the job's id. Throws `right-missing`, or
 * `value-refused` where the file or an option can be none; nothing is kept then.
 */
export async function startImport(
  storage: Storage,
  agent: Agent,
  query: ImportQuery,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  const mode = query.mode ?? 'people'
  demandImportRights(agent, mode)
  const entityId = query.entityId ?? agent.entityId
  if (!agent.scope.entities.has(entityId)) {
    throw new AppError('value-refused', { field: 'entityId', detail: 'there is no such entity within yours' })
  }
  const asked = {
    mode,
    entityId,
    dryRun: query.dryRun ?? false,
    clearEmpty: query.clearEmpty ?? false,
    changeLogins: query.changeLogins ?? false,
    starter: starterOf(agent),
  } satisfies Partial<ImportOptions>
  let head: Head | undefined
  return receiveFile(
    storage,
    {
      kind: 'import',
      usersId: agent.id,
      options: { ...asked, match: query.match, separator: query.separator, encoding: query.encoding },
      inspect(bytes, isWhole) {
        head ??= readHead(bytes, isWhole, query)
        return head !== undefined
      },
      complete({ isUtf8 }): ImportOptions {
        if (head === undefined) throw new Error('the file was not looked at')
        const { encoding = 'auto' } = query
        const found = isUtf8 ? 'utf-8' : 'windows-1252'
        return { ...asked, ...head, encoding: encoding === 'auto' ? found : encoding }
      },
    },
    source,
  )
}
