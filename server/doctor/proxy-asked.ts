import { parseSetCookie, type SetCookie } from 'cookie'
import { codeOf } from '../domain/error-code.ts'
import { isRequestId, REQUEST_ID_HEADER } from '../request-id.ts'

/** A page is not read to its end to know whose it is. */
const MAX_BYTES = 4096

/** Who answered at an address of browsers. */
export interface Answer {
  /** Call Manager did, and not the helpdesk or the web server before them. */
  isOurs: boolean
  status: number
  /** Its beginning. */
  text: string
  /** What it would have a browser keep. */
  cookies: SetCookie[]
}

/** Asks without a session and without following redirects; rejects where nobody answers in time. */
export async function askAsBrowser(url: string, patienceMs: number): Promise<Answer> {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) })
  const { status, headers } = answer
  const text = await readBeginning(answer)
  // Our errors carry the id of their request, beside one that a web server may add; our script for the helpdesk's pages imports one of ours.
  const ids = (headers.get(REQUEST_ID_HEADER) ?? '').split(/,\s*/)
  const isOurs = ids.some(isRequestId) || /^import "[^"]+\/app\//.test(text)
  return { isOurs, status, text, cookies: headers.getSetCookie().map((one) => parseSetCookie(one)) }
}

/** Why nobody answered, in a word. Node wraps the reason, and says nothing itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return codeOf(error.cause) || (error.cause instanceof Error ? error.cause.message : error.name)
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
