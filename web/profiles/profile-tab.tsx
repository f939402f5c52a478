import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useWords } from '../lib/frame.tsx'
import { RightsForm } from './rights-form.tsx'
import type { ReadProfile } from './use-profile.ts'

/** The Call Manager tab of a profile: which of our rights it gives. */
export function ProfileRightsPanel({ profile }: { profile: ReadProfile }) {
  const words = useWords()
  const { data } = profile
  return (
    <section class="panel">
      <h2>Call Manager</h2>
      {profile.state === 'failed' && <FailureNotice failure={profile.failure} onRetry={profile.retry} />}
      {profile.state === 'loading' && data === undefined && <Waiting />}
      {data !== undefined && (
        <>
          {!data.body.editable && <Notice kind="info">{words.profiles.notEditable}</Notice>}
          <RightsForm key={data.body.id} read={data} onRead={profile.set} />
        </>
      )}
    </section>
  )
}
