import { parseArgs } from 'node:util'
import { readConfig, StartError } from '../config.ts'
import { DAY_MS, HOUR_MS } from '../domain/times.ts'
import { DEMO_LOGINS, fillDemo } from '../helpdesk/embedded/demo.ts'
import { runServer } from '../main.ts'
import { addPeople } from './add-people.ts'

const MOST_PEOPLE = 1_000_000

/** `callmanager demo`: a filled store of its own, and what to try on it; `--people N` adds as many to find. */
export async function demo(args: string[]): Promise<void> {
  const people = understand(args)
  const config = readConfig({ DATA_DIR: 'data/demo', LOG_LEVEL: 'warn' })
  if (config.HELPDESK_URL !== '') {
    throw new StartError(
      'HELPDESK_URL is set, and a demo never fills a live helpdesk. Unset it, and DATABASE_URL, for the demo; or run: callmanager serve',
    )
  }
  const { address } = await runServer(config, async (services) => {
    await fillDemo(services.storage, services.settings, firstDayOfTickets())
    if (people > 0) await addPeople(services, people)
  })
  const url = `${address}${config.BASE_PATH}`
  const logins = DEMO_LOGINS.map(
    ({ login, password, profile }) => `    ${`${login} / ${password}`.padEnd(24)}${profile}`,
  )
  console.log(`
Call Manager runs at ${address}

  Log in (from this machine only):
${logins.join('\n')}

  Pop John Doe's card, as a softphone does:
    ${url}/plugins/callmanager/front/callmanager.php?rio=1234567890

  Find him by the API:
    TOKEN=$(curl -s -u tech:tech ${url}/apirest.php/initSession | cut -d'"' -f4)
    curl -H "Session-Token: $TOKEN" ${url}/plugins/callmanager/api.php/users/1234567890

  API manual: ${url}/plugins/callmanager/api/docs
  Data:       ${config.DATABASE_URL.startsWith('file:') ? config.DATABASE_URL.slice('file:'.length) : 'the database of DATABASE_URL'}

Stop with Ctrl-C.`)
}

/** So that the newest of its tickets, two weeks younger than the first, was opened yesterday. */
function firstDayOfTickets(): number {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  return today - 15 * DAY_MS + 8 * HOUR_MS
}

function understand(args: string[]): number {
  const { values } = parseArgs({ args, options: { people: { type: 'string', default: '0' } } })
  const people = Number(values.people)
  if (/^[0-9]+$/.test(values.people) && people <= MOST_PEOPLE) return people
  throw new StartError(`Usage: callmanager demo [--people N], N being at most ${MOST_PEOPLE}`)
}
