import { type Check, type Outcome, ok, warning } from './finding.ts'
import { type AtTheProxy, FOR_OPERATORS, MAX_ADDRESS, OURS, PAGE, THEIRS } from './proxy-asked.ts'
import { subDirectoryOf } from './sub-directory.ts'

/** What a web server says where nobody answers behind it. */
const GATEWAY = [502, 503, 504]

const SHIPPED = 'deploy/{nginx,apache}/callmanager.conf'

export const PROXY: readonly Check<AtTheProxy>[] = [
  { name: 'proxy', run: async (asked) => [forwarding(asked)] },
  {
    name: 'proxy pages',
    async run({ answers, pluginActive, address }) {
      if (!pluginActive || answers.get(THEIRS)?.isOurs !== true) return []
      return [
        warning(
          `${address} forwards the plugin's own pages to Call Manager too, where they are missing or lack the helpdesk's menus.`,
          `Forward only api.php, api/, app/ and pbx/ below plugins/callmanager/, as ${SHIPPED} does.`,
        ),
      ]
    },
  },
  {
    name: 'proxy headers',
    async run({ answers, config: { TRUSTED_PROXIES } }) {
      if (!forwardsAll(answers)) return []
      if (TRUSTED_PROXIES.length > 0)
        return [
          ok(
            `X-Forwarded-For from ${TRUSTED_PROXIES.join(', ')} is trusted by servers started since TRUSTED_PROXIES was set.`,
          ),
        ]
      return [
        warning(
          'TRUSTED_PROXIES is empty, so every request through the web server seems to come from its own address: API clients and limits cannot tell callers apart, and cookies are not marked Secure.',
          'Set TRUSTED_PROXIES to the address by which the web server reaches Call Manager; 127.0.0.1 where both are on one machine.',
        ),
      ]
    },
  },
  {
    name: 'proxy operation',
    async run({ answers, address }) {
      const open = FOR_OPERATORS.filter((path) => /^# HELP |"database":"/.test(answers.get(path)?.text ?? ''))
      if (open.length > 0)
        return [
          warning(
            `At ${new URL(address).origin}, anybody can read ${open.join(', ')}.`,
            `Forward to Call Manager only what ${SHIPPED} forwards, and pass on X-Forwarded-For.`,
          ),
        ]
      // Of one that did not answer nothing is known.
      return FOR_OPERATORS.every((path) => answers.has(path))
        ? [ok('Browsers cannot read /metrics or /readyz.')]
        : []
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
        return [ok("The helpdesk's session cookie reaches Call Manager.")]
      return [
        warning(
          `The helpdesk's session cookie is limited to ${path}, while Call Manager is at ${ours}: people logged in at the helpdesk are not recognised here.`,
          'In the php.ini of ITSM-NG set session.cookie_path = / and restart its PHP.',
        ),
      ]
    },
  },
]

const forwardsAll = (answers: AtTheProxy['answers']): boolean =>
  [...OURS.keys()].every((name) => answers.get(name)?.isOurs)

function forwarding({ address, config, pluginActive, answers, reason }: AtTheProxy): Outcome {
  if (address === '')
    return ok(
      "The helpdesk's url_base is not an address that browsers can use, so its web server was not checked. Set PUBLIC_URL to name one.",
    )
  if (answers.size === 0) {
    const what = `Nothing answers this machine at ${address} (${reason}), which browsers use, so the web server there was not checked.`
    if (config.PUBLIC_URL === '') return ok(`${what} Set PUBLIC_URL to name another address.`)
    return warning(
      what,
      'Start the web server there, or correct PUBLIC_URL. If its certificate comes from your own authority, set NODE_EXTRA_CA_CERTS=/path/of/the/authority.pem',
    )
  }
  const session = answers.get('api/')
  if (session?.isOurs && session.status === 404)
    return warning(
      `${address} forwards to Call Manager, which expects another sub-directory: its BASE_PATH is "${config.BASE_PATH}".`,
      `Set BASE_PATH=${subDirectoryOf(address)} and restart Call Manager.`,
    )
  if (forwardsAll(answers)) return ok(`${address} forwards all of Call Manager's paths to it.`)
  const ways = [...OURS.keys()].map((name) => ({ name, answer: answers.get(name) }))
  if (ways.every(({ answer }) => answer === undefined || GATEWAY.includes(answer.status)))
    return warning(
      `The web server at ${address} does not reach Call Manager (${ways[0]?.answer?.status ?? reason}).`,
      `Start Call Manager, or correct its address and port in ${SHIPPED}, as the web server includes it.`,
    )
  const missing = ways.filter(({ answer }) => !answer?.isOurs)
  const remedy = `Include ${SHIPPED} in the web server, before its location for .php, and reload it: docs/install.md, "The old address".`
  if (missing.length < ways.length) {
    const names = missing.map(({ name }) => name).join(', ')
    return warning(`${address} forwards only some paths to Call Manager; missing: ${names}.`, remedy)
  }
  const statuses = ways.map(({ answer }) => answer?.status ?? 0)
  if (statuses.every((status) => status >= 300 && status < 400))
    return warning(
      `${address} redirects every request: it is not the address that browsers use.`,
      'Correct the url_base of the helpdesk, or set PUBLIC_URL.',
    )
  if (statuses.every((status) => status === 401 || status === 403))
    return warning(
      `${address} asks for a log-in of its own first, so what it forwards to Call Manager was not checked.`,
      'Look with a browser that is logged in there; telephone systems need a way without that log-in.',
    )
  if (pluginActive || config.HELPDESK_URL === '')
    return warning(`${address} forwards nothing to Call Manager, so its pages there stay empty.`, remedy)
  return ok(
    `${address} forwards nothing to Call Manager. Telephone systems ask its own port; pages would need it (docs/install.md, "The old address").`,
  )
}
