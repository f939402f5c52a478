import type { Host } from './host.ts'

interface Asked {
  method?: string
  input?: unknown
  headers?: Record<string, string>
}

/** Asks a host as a client would; answers its status and its JSON, or the text where it is none. */
export async function ask({ url }: Host, token: string, path: string, asked: Asked = {}) {
  const { method = 'GET', input, headers = {} } = asked
  const answer = await fetch(`${url}/apirest.php/${path}`, {
    method,
    headers: { 'Session-Token': token, 'Content-Type': 'application/json', ...headers },
    redirect: 'manual',
    ...(input !== undefined && { body: JSON.stringify({ input }) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : text }
}
