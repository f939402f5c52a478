import type { Storage } from '../storage/storage.ts'
import { type Check, type Outcome, ok, warning } from './finding.ts'
import { coreConfig } from './host-config.ts'
import { isPluginActive } from './host-plugin.ts'
import type { Machine } from './machine.ts'
import { type Answer, askAsBrowser, reasonOf } from './proxy-asked.ts'
import { subDirectoryOf } from './sub-directory.ts'

/** Below `plugins/callmanager/`: what the shipped files of nginx and Apache lead to Call Manager. */
const OURS = ['api.php/config/rio_storage_method', 'api/v1/session', 'app/elements.js', 'pbx/'] as const
/** What stays with the helpdesk, whose plugin answers there. */
const THEIRS = 'front/config.form.php'
/** For operators on our own port; at the address of browsers they are for nobody. */
const CLOSED = ['/metrics', '/readyz'] as const
/** Begins a session of the helpdesk. */
const PAGE = '/index.php'

/** What is said where nobody answers behind a web server. */
const GATEWAY = [502, 503, 504]
const MAX_PATIENCE_MS = 5000
const MAX_ADDRESS = 2000

const SHIPPED = 'deploy/nginx/callmanager.conf or deploy/apache/callmanager.conf'

/** The address of browsers, and who answers there. */
export interface AtTheProxy {
  /** Its sub-directory included. */
  address: string
  config: Machine['config']
  /** Beside a helpdesk, rather than with the embedded one. */
  attached: boolean
  /** The plugin is active in the helpdesk: its pages need what is led here. */
  needed: boolean
  /** What is asked there, by path; without what nobody answered. */
  answers: ReadonlyMap<string, Answer>
  /** Why something was not answered. */
  reason: string
}

/** Asks at the address that browsers know, without a session. Null where no such address is known. */
export async function askAtTheProxy(config: Machine['config'], storage: Storage): Promise<AtTheProxy | null> {
  const attached = config.HELPDESK_URL !== ''
  if (!attached && config.PUBLIC_URL === '') return null
  const address =
    config.PUBLIC_URL === '' ? await addressOfHost(storage) : config.PUBLIC_URL + config.BASE_PATH
  // Where that cannot be read, `plugin` says why.
  const needed = attached && (await isPluginActive(storage).catch(() => false))
  if (address === '') return { address, config, attached, needed, answers: new Map(), reason: '' }
  const patience = Math.min(MAX_PATIENCE_MS, config.HELPDESK_TIMEOUT_SECONDS * 1000)
  const urls: [path: string, url: string][] = [
    ...[...OURS, THEIRS].map((path): [string, string] => [path, `${address}/plugins/callmanager/${path}`]),
    ...CLOSED.map((path): [string, string] => [path, new URL(path, address).href]),
    ...(attached ? [[PAGE, address + PAGE] satisfies [string, string]] : []),
  ]
  const answers = new Map<string, Answer>()
  let reason = ''
  // One that hangs hides no other.
  const asking = urls.map(async ([path, url]) => {
    try {
      answers.set(path, await askAsBrowser(url, patience))
    } catch (error) {
      reason = reasonOf(error)
    }
  })
  await Promise.all(asking)
  return { address, config, attached, needed, answers, reason }
}

/**
 * What the helpdesk calls itself in links and mails, without what would be a secret: findings are pasted into tickets. Empty
 * where that is no address that browsers ask.
 */
async function addressOfHost(storage: Storage): Promise<string> {
  const told = ((await coreConfig(storage, ['url_base'])).get('url_base') ?? '').trim()
  if (told.length > MAX_ADDRESS || !/^https?:/i.test(told) || !URL.canParse(told)) return ''
  // A login whose password ends the address too early is left in the path.
  const path = subDirectoryOf(told)
  return path.includes('@') ? '' : new URL(told).origin + path
}

export const PROXY: readonly Check<AtTheProxy>[] = [
  { name: 'proxy', run: async (asked) => [led(asked)] },
  {
    name: 'proxy pages',
    async run({ answers, needed, address }) {
      if (!needed || answers.get(THEIRS)?.isOurs !== true) return []
      return [
        warning(
          `${address} leads the pages of the plugin to Call Manager too, which has none of them: menus of the helpdesk end there.`,
          `Lead api.php, api/, app/ and pbx/ below plugins/callmanager/ there and nothing else, as ${SHIPPED} does.`,
        ),
      ]
    },
  },
  {
    name: 'proxy headers',
    async run({ answers, config: { TRUSTED_PROXIES } }) {
      if (!isLed(answers)) return []
      if (TRUSTED_PROXIES.length > 0)
        return [
          ok(
            `What ${TRUSTED_PROXIES.join(', ')} says of where a request comes from is believed by a server that was started since this was set.`,
          ),
        ]
      return [
        warning(
          'TRUSTED_PROXIES is empty, so that every request through the web server seems to come from its own address: API clients and limits cannot tell callers apart, and cookies are not marked Secure.',
          'Set TRUSTED_PROXIES to the address by which the web server reaches Call Manager; 127.0.0.1 where both are on one machine.',
        ),
      ]
    },
  },
  {
    name: 'proxy operation',
    async run({ answers, address }) {
      if (!CLOSED.every((path) => answers.has(path))) return []
      const open = CLOSED.filter((path) => isOperation(answers.get(path)))
      if (open.length === 0) return [ok('What is for operators is not answered to browsers.')]
      return [
        warning(
          `${open.join(' and ')} can be read by everybody at ${new URL(address).origin}.`,
          `Lead only what stands in ${SHIPPED} to Call Manager, and pass X-Forwarded-For on.`,
        ),
      ]
    },
  },
  {
    name: 'host cookie',
    async run({ answers, address }) {
      const cookie = answers.get(PAGE)?.cookies.find(({ name }) => /^glpi_[0-9a-f]{32,128}$/.test(name))
      if (cookie === undefined) return []
      const ours = `${subDirectoryOf(address)}/plugins/callmanager/`
      // Without a path of its own it is for where it was set, the helpdesk's own.
      const path = cookie.path?.startsWith('/') ? cookie.path.slice(0, MAX_ADDRESS) : subDirectoryOf(address)
      if (ours.startsWith(path.endsWith('/') ? path : `${path}/`))
        return [ok('Its session cookie reaches Call Manager.')]
      return [
        warning(
          `The session cookie of the helpdesk is for ${path} only, and Call Manager is at ${ours}: whoever is logged in there is not known here.`,
          'In the php.ini of ITSM-NG set session.cookie_path = / and restart its PHP.',
        ),
      ]
    },
  },
]

function led({ address, config, attached, needed, answers, reason }: AtTheProxy): Outcome {
  if (address === '')
    return ok(
      'The helpdesk names no address of its own that browsers could ask (url_base), so that it was not looked at what is led here. PUBLIC_URL names one.',
    )
  if (answers.size === 0) {
    const what = `Nobody answers this machine at ${address} (${reason}), the address of browsers, so that it was not looked at what is led here.`
    if (config.PUBLIC_URL === '') return ok(`${what} PUBLIC_URL names another one.`)
    return warning(
      what,
      'Start the web server there, or correct PUBLIC_URL. Has it a certificate of your own? NODE_EXTRA_CA_CERTS=/path/of/the/authority.pem',
    )
  }
  const ways = OURS.map((path) => ({ path, answer: answers.get(path) }))
  const here = ways.filter(({ answer }) => answer?.isOurs)
  if (here.some(({ path, answer }) => path === 'api/v1/session' && answer?.status === 404))
    return warning(
      `${address} leads to Call Manager, whose own addresses begin elsewhere: BASE_PATH is "${config.BASE_PATH}".`,
      `Set BASE_PATH=${subDirectoryOf(address)} and restart Call Manager.`,
    )
  if (here.length === OURS.length) return ok(`${address} leads to Call Manager what is its own.`)
  if (ways.every(({ answer }) => answer === undefined || GATEWAY.includes(answer.status)))
    return warning(
      `The web server of ${address} finds nobody behind the addresses of Call Manager (${ways[0]?.answer?.status ?? reason}).`,
      `Start Call Manager, or correct its address and port in ${SHIPPED}, as the web server includes it.`,
    )
  const statuses = ways.map(({ answer }) => answer?.status ?? 0)
  if (here.length === 0 && statuses.every((status) => status >= 300 && status < 400))
    return warning(
      `${address} redirects whatever is asked there: it is not the address of browsers.`,
      'Correct the url_base of the helpdesk, or set PUBLIC_URL.',
    )
  if (here.length === 0 && statuses.every((status) => status === 401 || status === 403))
    return warning(
      `${address} asks for a log-in of its own before anything is led to Call Manager, so that it was not looked at.`,
      'Look with a browser that is logged in there; telephone systems need a way without that log-in.',
    )
  const remedy = `Include ${SHIPPED} in the web server, before its location for .php, and reload it: docs/install.md, "The old address".`
  if (here.length > 0) {
    const not = ways.filter(({ answer }) => !answer?.isOurs).map(({ path }) => path)
    return warning(`${address} leads to Call Manager only in part; not led are: ${not.join(', ')}.`, remedy)
  }
  if (needed || !attached)
    return warning(`${address} leads nothing to Call Manager, so that its pages there stay empty.`, remedy)
  return ok(
    `${address} leads nothing to Call Manager. Telephone systems ask its own port; pages would need it (docs/install.md, "The old address").`,
  )
}

const isLed = (answers: AtTheProxy['answers']): boolean => OURS.every((path) => answers.get(path)?.isOurs)

function isOperation(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.status === 200 && /^# HELP |"database":"/.test(answer.text)
}
