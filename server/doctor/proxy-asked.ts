import { parseSetCookie, type SetCookie } from 'cookie'
import { codeOf } from '../domain/error-code.ts'
import { isRequestId, REQUEST_ID_HEADER } from '../request-id.ts'
import type { Storage } from '../storage/storage.ts'
import { coreConfig } from './host-config.ts'
import { isPluginActive } from './host-plugin.ts'
import type { Machine } from './machine.ts'
import { subDirectoryOf } from './sub-directory.ts'

/** Below `plugins/callmanager/`: what the shipped files of nginx and Apache forward to Call Manager, and an address in each. */
export const OURS: ReadonlyMap<string, string> = new Map([
  ['api.php', 'api.php/config/rio_storage_method'],
  ['api/', 'api/v1/session'],
  ['app/', 'app/assets/none'],
  ['pbx/', 'pbx/'],
])
/** Below it as well: stays with the helpdesk, whose plugin answers there. */
export const THEIRS = 'front/config.form.php'
/** Answered on our own port only. */
export const FOR_OPERATORS = ['/metrics', '/readyz'] as const
/** Begins a session of the helpdesk. */
export const PAGE = '/index.php'

export const MAX_ADDRESS = 2000
const MAX_PATIENCE_MS = 5000
/** A page is not read to its end to know whose it is. */
const MAX_BYTES = 4096

/** The address that browsers use, and who answers there. */
export interface AtTheProxy {
  /** Its sub-directory included; empty where none is known. */
  address: string
  config: Machine['config']
  /** Its pages in the helpdesk need what is forwarded here. */
  pluginActive: boolean
  /** By the names above; without what nobody answered. */
  answers: ReadonlyMap<string, Answer>
  /** Why something was not answered. */
  reason: string
}

interface Answer {
  /** Call Manager did, and not the helpdesk or the web server before them. */
  isOurs: boolean
  status: number
  /** Its beginning. */
  text: string
  /** What it would have a browser keep. */
  cookies: SetCookie[]
}

/** Asks at the address that browsers use, without a session. Null where the embedded helpdesk is asked directly. */
export async function askAtTheProxy(config: Machine['config'], storage: Storage): Promise<AtTheProxy | null> {
  const attached = config.HELPDESK_URL !== ''
  if (!attached && config.PUBLIC_URL === '') return null
  const address =
    config.PUBLIC_URL === '' ? await addressOfHost(storage) : config.PUBLIC_URL + config.BASE_PATH
  const pluginActive = attached && (await isPluginActive(storage))
  const patience = Math.min(MAX_PATIENCE_MS, config.HELPDESK_TIMEOUT_SECONDS * 1000)
  const answers = new Map<string, Answer>()
  let reason = ''
  // One that hangs hides no other.
  const asking = [...urlsAt(address)].map(async ([name, url]) => {
    try {
      answers.set(name, await askAsBrowser(url, patience))
    } catch (error) {
      reason = whyUnanswered(error)
    }
  })
  await Promise.all(asking)
  return { address, config, pluginActive, answers, reason }
}

function urlsAt(address: string): Map<string, string> {
  const urls = new Map<string, string>()
  if (address === '') return urls
  for (const [name, path] of OURS) urls.set(name, `${address}/plugins/callmanager/${path}`)
  urls.set(THEIRS, `${address}/plugins/callmanager/${THEIRS}`)
  for (const path of FOR_OPERATORS) urls.set(path, new URL(path, address).href)
  return urls.set(PAGE, address + PAGE)
}

/**
 * What the helpdesk calls itself in links and mails, without what would be a secret: findings are pasted into tickets. Empty
 * where that is no address that browsers could use.
 */
async function addressOfHost(storage: Storage): Promise<string> {
  const told = ((await coreConfig(storage, ['url_base'])).get('url_base') ?? '').trim()
  if (told.length > MAX_ADDRESS || !/^https?:/i.test(told) || !URL.canParse(told)) return ''
  // A login whose password ends the address too early is left in the path.
  const path = subDirectoryOf(told)
  return path.includes('@') ? '' : new URL(told).origin + path
}

/** Asks without a session and without following redirects; rejects where nobody answers in time. */
async function askAsBrowser(url: string, patienceMs: number): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) })
  const { status, headers } = answer
  // Errors of ours carry the id of their request, beside one that a web server may add.
  const ids = (headers.get(REQUEST_ID_HEADER) ?? '').split(/,\s*/)
  return {
    isOurs: ids.some(isRequestId),
    status,
    text: await readBeginning(answer),
    cookies: headers.getSetCookie().map((one) => parseSetCookie(one)),
  }
}

async function readBeginning({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= MAX_BYTES) break
  }
  return new TextDecoder().decode(Buffer.concat(pieces).subarray(0, MAX_BYTES))
}

/** In a word. Node wraps the reason, and says nothing itself. */
function whyUnanswered(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return codeOf(error.cause) || (error.cause instanceof Error ? error.cause.message : error.name)
}
