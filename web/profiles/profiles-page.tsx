import type { Profile } from '../../contract/profiles.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { readAll } from '../lib/read-all.ts'
import { useResource } from '../lib/use-resource.ts'
import { levelsInWords, RIGHTS } from './rights.ts'

/** Every profile, and what it gives of ours. */
export function ProfilesPage() {
  const { client, words } = useFrame()
  const profiles = useResource((signal) => readAll<Profile>(client, 'profiles', signal), [])
  return (
    <>
      <PageTitle path={[words.menu.administration]} title={words.menu.profiles} />
      <p class="hint">{words.profiles.hint}</p>
      {profiles.state === 'failed' && <FailureNotice failure={profiles.failure} onRetry={profiles.retry} />}
      {profiles.state === 'loading' && profiles.data === undefined && <Waiting />}
      {profiles.data && <ProfileTable profiles={profiles.data} />}
    </>
  )
}

function ProfileTable({ profiles }: { profiles: Profile[] }) {
  const { base, session, words } = useFrame()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keys as well.
    <section class="table-scroll" aria-label={words.menu.profiles} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.profiles.name}</th>
            <th scope="col">{words.profiles.interface}</th>
            {RIGHTS.map((right) => (
              <th key={right} scope="col">
                {words.rights[right]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {profiles.map((profile) => (
            <tr key={profile.id}>
              <th scope="row">
                <a class="typed" href={`${base}/app/profiles/${profile.id}`}>
                  {profile.name || `(${profile.id})`}
                </a>{' '}
                {profile.id === session.profile.id && (
                  <span class="badge badge-info">{words.profiles.yours}</span>
                )}
              </th>
              <td>{profile.interface === 'central' ? words.profiles.central : words.profiles.simplified}</td>
              {RIGHTS.map((right) => (
                <td key={right}>{levelsInWords(profile.rights, right, words)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
