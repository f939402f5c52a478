import type { ImportMatch, ImportMode, ImportQuery } from '../../contract/imports.ts'
import type { Item } from '../components/combobox.tsx'

/** What an import is asked for. `auto` is for the server to find out. */
export interface ImportChoice {
  file: File | null
  mode: ImportMode
  match: ImportMatch | 'auto'
  separator: NonNullable<ImportQuery['separator']>
  encoding: NonNullable<ImportQuery['encoding']>
  entity: Item | null
  dryRun: boolean
  clearEmpty: boolean
  changeLogins: boolean
}

export function importQuery(choice: ImportChoice) {
  const { mode, match, separator, encoding, entity, dryRun, clearEmpty, changeLogins } = choice
  return {
    mode,
    separator,
    encoding,
    dryRun,
    clearEmpty,
    changeLogins,
    ...(match !== 'auto' && { match }),
    ...(mode === 'people' && entity !== null && { entityId: entity.id }),
  } satisfies ImportQuery
}
