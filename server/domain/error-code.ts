/** What Node, a driver or a server calls an error, such as `ECONNREFUSED`; empty where it has no name. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code ?? '') : ''
}
