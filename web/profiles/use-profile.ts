import type { Profile } from '../../contract/profiles.ts'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'

/** A profile with the etag of its rights. */
export function useProfile(id: number) {
  const { client } = useFrame()
  return useResource((signal) => client.get<Profile>(`profiles/${id}`, {}, signal), [id])
}

export type ReadProfile = ReturnType<typeof useProfile>
