import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import Value from 'typebox/value'
import { ExportQuery } from '../../contract/imports.ts'
import { StartError } from '../config.ts'
import { operator } from '../jobs/operator.ts'
import { withServices } from './with-services.ts'

const USAGE =
  'Usage: callmanager export [FILE] [--rios-only] [--entity ID] [--separator comma|semicolon] [--no-bom]'

/** `callmanager export [FILE]`: everybody as CSV that import takes, to a file or to the standard output. */
export async function exportFile(args: string[]): Promise<void> {
  const { file, query } = understand(args)
  await withServices(async ({ storage, helpdesk, exportUsers }) => {
    const content = Readable.from(
      await exportUsers(await operator(storage, await helpdesk.entityTree()), query),
    )
    if (file === undefined) await pipeline(content, process.stdout, { end: false })
    else await pipeline(content, createWriteStream(file, { mode: 0o600 })).catch(explain)
  })
}

function understand(args: string[]): { file: string | undefined; query: ExportQuery } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      'rios-only': { type: 'boolean', default: false },
      entity: { type: 'string' },
      separator: { type: 'string' },
      bom: { type: 'boolean', default: true },
    },
  })
  const [file, ...rest] = positionals
  const query = {
    mode: values['rios-only'] ? 'rios' : 'people',
    ...(values.entity !== undefined && {
      entityId: /^\d+$/.test(values.entity) ? Number(values.entity) : -1,
    }),
    ...(values.separator !== undefined && { separator: values.separator }),
    bom: values.bom,
  }
  if (rest.length > 0 || !Value.Check(ExportQuery, query)) throw new StartError(USAGE)
  return { file: file === '-' ? undefined : file, query }
}

function explain(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  throw new StartError(`The file cannot be written (${reason}). Correct the path or its permissions.`)
}
