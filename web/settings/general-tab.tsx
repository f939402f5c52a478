import { useEffect } from 'preact/hooks'
import type { NamedSettings } from '../../contract/settings.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { GeneralForm } from './general-form.tsx'

/**
 * The settings that are values; where RIOs are kept is a tab of its own. It counts `version` up when it has changed that,
 * so that they are read again.
 */
export function GeneralTab({ version }: { version: number }) {
  const { client } = useFrame()
  const settings = useResource((signal) => client.get<NamedSettings>('settings', {}, signal), [])
  const { retry } = settings
  useEffect(() => {
    if (version > 0) retry()
  }, [version])
  if (settings.data === undefined) {
    if (settings.state === 'failed')
      return <FailureNotice failure={settings.failure} onRetry={settings.retry} />
    return <Waiting />
  }
  return (
    <>
      {settings.state === 'failed' && <FailureNotice failure={settings.failure} onRetry={settings.retry} />}
      <GeneralForm
        read={settings.data}
        reading={settings.state === 'loading'}
        onReadAgain={settings.retry}
        onSaved={settings.set}
      />
    </>
  )
}
