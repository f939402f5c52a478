import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, type Failure } from './client.ts'
import { FrameContext } from './frame.tsx'

export type Resource<Data> =
  /** `data` is what was there before, while it is read again. */
  | { state: 'loading'; data: Data | undefined }
  | { state: 'ready'; data: Data }
  | { state: 'failed'; data: Data | undefined; failure: Failure }

/**
 * Reads something whenever `keys` change, and again where somebody acts as another profile or elsewhere; shows only what
 * was asked for last: an answer that comes late never replaces a newer one. `load` null reads nothing.
 */
export function useResource<Data>(
  load: ((signal: AbortSignal) => Promise<Data>) | null,
  keys: readonly unknown[],
): Resource<Data> & { retry: () => void; set: (data: Data) => void } {
  const [resource, setResource] = useState<Resource<Data>>({ state: 'loading', data: undefined })
  const [round, setRound] = useState(0)
  const { profile, entity } = useContext(FrameContext)?.session ?? {}
  const before = useRef(keys)
  // The keys say when to read again.
  useEffect(() => {
    if (load === null) return
    const abort = new AbortController()
    // Something else is asked for: what was there is somebody else's.
    const same = before.current.every((key, index) => Object.is(key, keys[index]))
    before.current = keys
    setResource((last) => ({ state: 'loading', data: same ? last.data : undefined }))
    load(abort.signal).then(
      (data) => !abort.signal.aborted && setResource({ state: 'ready', data }),
      (error) => {
        if (abort.signal.aborted) return
        if (!(error instanceof ApiError)) throw error
        setResource((last) => ({ state: 'failed', data: last.data, failure: error.failure }))
      },
    )
    return () => abort.abort()
  }, [...keys, round, profile?.id, entity?.id, entity?.recursive])

  const failed = resource.state === 'failed'
  useEffect(() => {
    if (!failed) return
    const again = () => setRound((round) => round + 1)
    addEventListener('online', again)
    return () => removeEventListener('online', again)
  }, [failed])

  return {
    ...resource,
    retry: useCallback(() => setRound((round) => round + 1), []),
    set: useCallback((data: Data) => setResource({ state: 'ready', data }), []),
  }
}
