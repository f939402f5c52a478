import type { RioStorageMethod } from '../../contract/settings.ts'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'

/** Where RIOs are kept now; undefined until that is known. Everybody who may look up is told, by the oldest address of all. */
export function useRioPlace(): RioStorageMethod | undefined {
  const { base, client } = useFrame()
  const place = useResource(
    (signal) =>
      client.get<{ value: RioStorageMethod }>(`${base}/api.php/config/rio_storage_method`, {}, signal),
    [client, base],
  )
  return place.data?.body.value
}
