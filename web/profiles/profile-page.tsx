import { ButtonLink } from '../components/button.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { useFrame } from '../lib/frame.tsx'
import { ProfileRightsPanel } from './profile-tab.tsx'
import { useProfile } from './use-profile.ts'

/** A profile: its name, and the tab of ours. */
export function ProfilePage({ id }: { id: number }) {
  const { base, words } = useFrame()
  const profile = useProfile(id)
  const body = profile.data?.body
  return (
    <>
      <PageTitle
        path={[words.menu.administration, words.menu.profiles]}
        title={body?.name || words.menu.profile}
      />
      <p class="buttons">
        <ButtonLink kind="quiet" icon="back" href={`${base}/app/profiles`}>
          {words.menu.profiles}
        </ButtonLink>
      </p>
      <ProfileRightsPanel profile={profile} />
    </>
  )
}
