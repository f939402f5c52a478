import { readConfig } from '../config.ts'
import { DEMO_LOGINS, fillDemo } from '../helpdesk/embedded/demo.ts'
import { runServer } from '../main.ts'

/** `callmanager demo`: a filled store of its own, and what to try on it. */
export async function demo(): Promise<void> {
  const config = readConfig({ DATA_DIR: 'data/demo', LOG_LEVEL: 'warn' })
  const { address } = await runServer(config, async ({ storage, settings }) => {
    await fillDemo(storage, settings)
  })
  const url = `${address}${config.BASE_PATH}`
  const logins = DEMO_LOGINS.map(
    ({ login, password, profile }) => `    ${`${login} / ${password}`.padEnd(24)}${profile}`,
  )
  console.log(`
Call Manager runs at ${address}

  Log in (from this machine only):
${logins.join('\n')}

  Find John Doe by RIO:
    TOKEN=$(curl -s -u tech:tech ${url}/apirest.php/initSession | cut -d'"' -f4)
    curl -H "Session-Token: $TOKEN" ${url}/plugins/callmanager/api.php/users/1234567890

  API manual: ${url}/plugins/callmanager/api/docs
  Data:       ${config.DATABASE_URL.startsWith('file:') ? config.DATABASE_URL.slice('file:'.length) : 'the database of DATABASE_URL'}

Stop with Ctrl-C.`)
}
