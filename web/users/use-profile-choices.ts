import type { Profile } from '../../contract/profiles.ts'
import type { Choice } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { readAll } from '../lib/read-all.ts'
import { useResource } from '../lib/use-resource.ts'

/** Profiles to give away: all of them for whoever may read them, else those that one holds. The server decides. */
export function useProfileChoices(): Choice<string>[] {
  const { client, session } = useFrame()
  const all = useResource(
    session.can.configure ? (signal) => readAll<Profile>(client, 'profiles', signal) : null,
    [client, session.can.configure],
  )
  const profiles = all.data ?? session.profiles
  return profiles.map(({ id, name }) => ({ value: String(id), label: name }))
}
