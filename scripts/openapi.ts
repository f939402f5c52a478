// Writes docs/openapi.json from the routes themselves. `npm run openapi`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from '../server/app.ts'
import { readConfig } from '../server/config.ts'
import { createLog } from '../server/log.ts'
import { openServices } from '../server/services.ts'

export const OPENAPI_FILE = fileURLToPath(new URL('../docs/openapi.json', import.meta.url))

/** The document as it is committed: the routes of the default settings, in the order they are registered. */
export async function renderOpenApi(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-openapi-'))
  const config = readConfig({}, { DATA_DIR: folder })
  const log = createLog('silent')
  const services = await openServices(config, log)
  try {
    const app = await buildApp(config, { ...services, log })
    await app.ready()
    const text = `${JSON.stringify(app.swagger(), null, 2)}\n`
    await app.close()
    return text
  } finally {
    await services.close()
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OPENAPI_FILE, await renderOpenApi())
