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
        path={[words.menu.administration, { text: words.menu.profiles, href: `${base}/app/profiles` }]}
        title={body?.name || words.menu.profile}
      />
      <ProfileRightsPanel profile={profile} />
    </>
  )
}
