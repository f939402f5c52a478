import { hash } from 'node:crypto'

/** What a request asks for, as a hash: the same however its properties are ordered, another for another operation. */
export function requestHash(operation: string, request: object): string {
  const sorted = Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1))
  return hash('sha256', JSON.stringify([operation, sorted]))
}
