import { useMemo } from 'preact/hooks'
import { newKey } from './client.ts'

export interface IdempotencyKey {
  /** The same for the same content, however often it is sent; a new one once the content has changed. */
  of: (content: object) => string
  /** What was sent has been made: the next is another, even where it says the same. */
  spend: () => void
}

/** A key for each thing that is filled in: neither a double click nor a second try after a lost answer makes two. */
export function useIdempotencyKey(): IdempotencyKey {
  return useMemo(() => {
    let last = { content: '', key: '' }
    return {
      of: (sent) => {
        const content = JSON.stringify(sent)
        if (last.content !== content) last = { content, key: newKey() }
        return last.key
      },
      spend: () => {
        last = { content: '', key: '' }
      },
    }
  }, [])
}
